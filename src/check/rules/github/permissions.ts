import type { Document } from '../../../artifacts/document.ts';
import { startedBy } from '../../../artifacts/workflow/workflow.ts';
import { at, entryOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Finding, Rule } from '../../rule.ts';
import { granted, keptCredentials, keys, readsOnly } from '../../workflow/rights.ts';

export const permissions: Rule = {
  id: 'github/permissions',
  severity: 'warning',
  title: 'a workflow that may do more than its work needs',
  why: 'What runs in a workflow, each of its actions and dependencies included, holds its token and keys: without permissions the token may do whatever the repository or organisation grants by default, and a key that never expires serves whoever reads it once.',
  fix: 'Write permissions: {contents: read} at the top and more in the job that needs it; log in by OIDC; check out with persist-credentials: false.',
  fixable: 'safe',
  example: { bad: 'on: push\njobs: ...', good: 'on: push\npermissions: {contents: read}\njobs: ...' },
  check: context =>
    context
      .of('workflow')
      .flatMap(document => [
        ...ungranted(document),
        ...everything(document),
        ...document.body.jobs.flatMap(job => [...keys(job), ...keptCredentials(document, job)]),
      ]),
};

type WorkflowDocument = Document<'workflow'>;

/** One that others call has what these grant. */
function ungranted(document: WorkflowDocument): Finding[] {
  const { body, text } = document;
  const without = body.jobs.filter(job => !granted(document, job));
  const jobs = entryOf(body.root, 'jobs');
  if (without.length === 0 || !jobs || startedBy(body, 'workflow_call')) return [];
  const names = without.map(job => job.id.source).join(', ');
  const start = jobs.key.start;
  const edits = body.jobs.every(readsOnly)
    ? [text.edit(start, start, 'permissions:\n  contents: read\n\n')]
    : [];
  return [{ at: placeOf(jobs.key), message: `nothing says what the token may do in ${names}`, edits }];
}

const everything = ({ body }: WorkflowDocument): Finding[] =>
  [body.root, ...body.jobs.map(job => job.node)].flatMap((node): Finding[] => {
    const written = at(node, 'permissions');
    return written && textOfNode(written) === 'write-all'
      ? [{ at: placeOf(written), message: 'write-all: the token may do everything' }]
      : [];
  });
