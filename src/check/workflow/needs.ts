import type { Document } from '../../artifacts/document.ts';
import { calledBy, circleOf, jobOf } from '../../artifacts/workflow/scope.ts';
import { type Job, needsOf } from '../../artifacts/workflow/workflow.ts';
import { at, entriesOf, placeOf } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { offered } from './triggers.ts';

type WorkflowDocument = Document<'workflow'>;

/** Jobs that wait for none or for themselves, and calls of workflows that are not there or take something else. */
export function needFaults(
  { body }: WorkflowDocument,
  all: readonly WorkflowDocument[],
  { closed }: Context,
): Finding[] {
  return body.jobs.flatMap((job): Finding[] => {
    const names = body.jobs.map(each => each.id.source);
    const unknown = needsOf(job).filter(
      need => !need.source.includes('${{') && !jobOf(body, need.source.toLowerCase()),
    );
    const circle = circleOf(body, job);
    // Of those that it goes around, the first says so.
    const first = body.jobs.find(each => circle?.includes(each.id.source.toLowerCase()));
    const called = closed ? calledBy(job, all) : undefined;
    const uses = at(job.node, 'uses');
    return [
      ...unknown.map(need => ({
        at: placeOf(need),
        message: `${job.id.source} waits for ${need.source}, and no job is called so${offered(need.source, names)}`,
      })),
      ...(circle && first === job
        ? [{ at: placeOf(job.id), message: `it waits for itself: ${circle.join(', ')}` }]
        : []),
      ...(called === 'missing' && uses?.kind === 'scalar'
        ? [{ at: placeOf(uses), message: `${uses.source} is not here` }]
        : []),
      ...inputFaults(job, calledBy(job, all)),
    ];
  });
}

function inputFaults(job: Job, called: ReturnType<typeof calledBy>): Finding[] {
  if (!called || called === 'missing') return [];
  const inputs = entriesOf(at(called.body.root, 'on', 'workflow_call', 'inputs')).map(
    ({ key }) => key.source,
  );
  return entriesOf(at(job.node, 'with'))
    .filter(({ key }) => !inputs.some(input => input.toLowerCase() === key.source.toLowerCase()))
    .map(({ key }) => ({
      at: placeOf(key),
      message: `${called.name} has no input ${key.source}${offered(key.source, inputs)}`,
    }));
}
