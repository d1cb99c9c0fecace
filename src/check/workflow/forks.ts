import { type Job, startedBy, useOf, type Workflow } from '../../artifacts/workflow/workflow.ts';
import { at, entriesOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';

const PRIVILEGED = ['pull_request_target', 'issue_comment', 'workflow_run'];
/** What the checkout takes from the fork. */
const HEAD =
  /pull_request\.head\.|github\.head_ref|refs\/pull\/|workflow_run\.head_|workflow_run\.pull_requests/;
/** Conditions that look at who it is. */
const ASKED =
  /author_association|head\.repo|\.fork\b|head_repository|workflow_run\.event|permission|github\.actor|triggering_actor/;

/** A privileged event that runs what a fork brings. */
export function forks(workflow: Workflow, job: Job): Finding[] {
  const event = PRIVILEGED.find(name => startedBy(workflow, name));
  if (!event || at(job.node, 'environment') || at(job.node, 'needs')) return [];
  if (ASKED.test(textOfNode(at(job.node, 'if')) ?? '')) return [];
  const index = job.steps.findIndex(takesFork);
  const step = job.steps[index];
  const folder = textOfNode(at(step, 'with', 'path'));
  const runs = job.steps.slice(index + 1).find(each => runsCode(each, folder));
  if (index === -1 || !step || !runs) return [];
  const ref = textOfNode(at(step, 'with', 'ref')) ?? '';
  return [
    {
      at: placeOf(step),
      message: `${event} runs with the secrets of this repository, and this checks out what the fork brings (${ref})`,
      related: [{ ...placeOf(runs), message: 'runs beside it' }],
    },
  ];
}

function takesFork(step: YamlNode): boolean {
  if (useOf(step)?.action !== 'actions/checkout' || ASKED.test(textOfNode(at(step, 'if')) ?? ''))
    return false;
  return entriesOf(at(step, 'with')).some(
    ({ key, value }) => key.source === 'ref' && HEAD.test(textOfNode(value) ?? ''),
  );
}

/** What a fork brings into a folder of its own is run where a step goes there. */
function runsCode(step: YamlNode, folder: string | undefined): boolean {
  const [run, uses] = [textOfNode(at(step, 'run')), textOfNode(at(step, 'uses')) ?? ''];
  if (folder === undefined) return run !== undefined || uses.startsWith('./');
  const inside = textOfNode(at(step, 'working-directory')) ?? '';
  const told = [`cd ${folder}`, `./${folder}/`, `make -C ${folder}`, `--prefix ${folder}`];
  return (
    uses.startsWith(`./${folder}/`) ||
    (run !== undefined &&
      (inside.replace(/^\.\//, '').startsWith(folder) || told.some(each => run.includes(each))))
  );
}
