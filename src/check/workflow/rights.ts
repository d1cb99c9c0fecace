import type { Document } from '../../artifacts/document.ts';
import { isCommit, type Job, useOf } from '../../artifacts/workflow/workflow.ts';
import { at, entriesOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';

type WorkflowDocument = Document<'workflow'>;

export const granted = ({ body }: WorkflowDocument, job: Job): YamlNode | undefined =>
  at(job.node, 'permissions') ?? at(body.root, 'permissions');

const READING =
  /^(?:actions\/(?:cache|checkout|download-artifact|setup-\w+|upload-artifact)|docker\/setup-\w+-action|golangci\/golangci-lint-action)$/;
const TOKEN = /github\.token|GITHUB_TOKEN|GH_TOKEN|\bgh |git push|docker|npm publish/;

/** Nothing of it is known to write anywhere by the token. */
export function readsOnly(job: Job): boolean {
  if (at(job.node, 'uses')) return false;
  return job.steps.every(step => {
    const use = useOf(step);
    if (use) return READING.test(use.action);
    return !TOKEN.test(step.text.content.slice(step.start, step.end)) && !at(step, 'uses');
  });
}

/** Inputs that take a key for ever, of actions that also log in by OIDC. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'aws-actions/configure-aws-credentials': ['aws-secret-access-key'],
  'azure/login': ['creds'],
  'google-github-actions/auth': ['credentials_json'],
};

export function keys(job: Job): Finding[] {
  return job.steps.flatMap(step => {
    const action = useOf(step)?.action ?? '';
    return entriesOf(at(step, 'with'))
      .filter(({ key }) => KEYS[action.toLowerCase()]?.includes(key.source))
      .map(({ key }) => ({
        at: placeOf(key),
        message: `${key.source} is a key that does not expire, and ${action} can log in by OIDC without one`,
      }));
  });
}

/** Actions that write by what the checkout left. */
const COMMITTING = /commit|push|pages|pull-request|release|changeset|semantic|bump|tag/i;

export function keptCredentials(document: WorkflowDocument, job: Job): Finding[] {
  const rights = granted(document, job);
  const writes = textOfNode(rights) === 'write-all' || textOfNode(at(rights, 'contents')) === 'write';
  const index = job.steps.findIndex(step => useOf(step)?.action === 'actions/checkout');
  const checkout = at(job.steps[index], 'uses');
  if (!writes || !checkout || textOfNode(at(job.steps[index], 'with', 'persist-credentials')) === 'false')
    return [];
  const later = job.steps.slice(index + 1);
  const uses = later.flatMap(step => useOf(step) ?? []);
  if (uses.some(use => COMMITTING.test(use.action))) return [];
  if (later.some(step => /\bgit\s+push\b/.test(textOfNode(at(step, 'run')) ?? ''))) return [];
  const foreign = uses.find(use => !/^(?:actions|github)$/.test(use.owner) && !isCommit(use.ref));
  if (!foreign) return [];
  const message = `a token that may write stays in the checkout, and ${foreign.action}@${foreign.ref ?? ''} runs beside it`;
  return [
    {
      at: placeOf(checkout),
      message,
      related: [{ ...placeOf(foreign.node), message: 'can be moved to other code' }],
    },
  ];
}
