import type { Document } from '../../../artifacts/document.ts';
import { expressionsIn, isCondition, type Placed } from '../../../artifacts/workflow/expressions.ts';
import { calledBy, circleOf, jobOf } from '../../../artifacts/workflow/scope.ts';
import { type Job, needsOf } from '../../../artifacts/workflow/workflow.ts';
import { at, entriesOf, placeOf } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { callFault } from '../../workflow/calls.ts';
import { referenceFault } from '../../workflow/references.ts';
import { undocumentedSecrets } from '../../workflow/secrets.ts';
import { offered, triggerFaults } from '../../workflow/triggers.ts';

export const invalid: Rule = {
  id: 'github/invalid',
  severity: 'error',
  title: 'a workflow that cannot start, or fills in nothing where it names something',
  why: 'A workflow with a wrong trigger never runs, one with a wrong expression is refused, and what a wrong name leads to is empty: the deploy goes on with an image, a key or a condition that is not there.',
  fix: 'Name what is there: an event, a context that the key knows, a job that is waited for, an output that it declares.',
  fixable: 'no',
  example: {
    bad: 'needs: build\nenv: {TAG: "${{ needs.images.outputs.tag }}"}',
    good: 'needs: images\nenv: {TAG: "${{ needs.images.outputs.tag }}"}',
  },
  check: context => {
    const all = context.of('workflow');
    return [
      ...all.flatMap(document => [
        ...triggerFaults(document),
        ...needFaults(document, all, context),
        ...expressionFaults(document, all),
      ]),
      ...(context.closed ? undocumentedSecrets(context) : []),
    ];
  },
};

type WorkflowDocument = Document<'workflow'>;

function needFaults(
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

function expressionFaults(document: WorkflowDocument, all: readonly WorkflowDocument[]): Finding[] {
  return expressionsIn(document.body.root).flatMap(placed => {
    const { text, start, fault, references, calls } = placed;
    const found = (offset: number, message: string): Finding => ({
      at: text.place(start + offset),
      message,
    });
    if (fault) return [found(fault.offset, `an expression that GitHub refuses: ${fault.message}`)];
    return [
      ...references.flatMap(reference => {
        const why = referenceFault(document, all, placed, reference);
        return why ? [found(reference.start, why)] : [];
      }),
      ...calls.flatMap(call => {
        const why = callFault(placed, call);
        return why ? [found(call.start, why)] : [];
      }),
      ...alwaysTrue(placed),
    ];
  });
}

/** What stands beside the braces makes a text of the condition, and no text but an empty one is false. */
function alwaysTrue({ path, braced, node, text, start, end }: Placed): Finding[] {
  if (!braced || !isCondition(path) || text.content.indexOf('${{') !== start - 3) return [];
  const around = (text.content.slice(0, start - 3) + text.content.slice(end + 2)).trim();
  const what = around || (String(node.value).endsWith('\n') ? 'a line break' : '');
  if (what === '') return [];
  return [
    { at: text.place(0), message: `a condition that is always true: ${what} stands beside the braces` },
  ];
}
