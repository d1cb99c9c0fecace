import { isCommit, useOf } from '../../../artifacts/workflow/workflow.ts';
import { at, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import type { Finding, Rule } from '../../rule.ts';

export const unpinnedAction: Rule = {
  id: 'github/unpinned-action',
  severity: ['warning', 'info'],
  title: 'an action that others can replace by other code',
  why: 'A tag or a branch can be moved by whoever controls the repository of the action: the next run executes what stands there then, with the secrets and the token of this workflow.',
  fix: 'Name the full commit, and the version in a comment behind it: uses: owner/name@<40 characters> # v1.2.3.',
  fixable: 'no',
  example: {
    bad: 'uses: acme/deploy-action@v1',
    good: 'uses: acme/deploy-action@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v1.2.3',
  },
  check: context =>
    context
      .of('workflow')
      .flatMap(({ body }) => body.jobs)
      .flatMap(job =>
        [job.node, ...job.steps].flatMap(node => [...actionFaults(node), ...imageFaults(node)]),
      ),
};

/** GitHub's own: whoever can change them can change everything else. */
const GITHUB = /^(?:actions|github)$/;

function actionFaults(node: YamlNode): Finding[] {
  const use = useOf(node);
  if (!use?.ref || isCommit(use.ref) || use.ref.includes('${{')) return [];
  const { action, owner, ref } = use;
  const tag = /^v?\d[\w.+-]*$/.test(ref);
  const message = `${action} is used at ${tag ? 'the tag' : 'the branch'} ${ref}, which can be moved`;
  return [{ at: placeOf(use.node), severity: GITHUB.test(owner) && tag ? 'info' : 'warning', message }];
}

function imageFaults(node: YamlNode): Finding[] {
  const uses = at(node, 'uses');
  const image = /^docker:\/\/(.+)$/.exec(textOfNode(uses) ?? '')?.[1];
  if (!uses || !image || image.includes('@sha256:') || image.includes('${{')) return [];
  return [{ at: placeOf(uses), message: `the image ${image} is used by a tag, which can be moved` }];
}
