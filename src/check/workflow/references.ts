import type { Document } from '../../artifacts/document.ts';
import { own } from '../../artifacts/own.ts';
import { CONTEXTS, contextsAt, PROPERTIES } from '../../artifacts/workflow/contexts.ts';
import type { Reference } from '../../artifacts/workflow/expression.ts';
import type { Placed } from '../../artifacts/workflow/expressions.ts';
import {
  givenSecrets,
  inputsOf,
  jobOf,
  matrixOf,
  outputsOf,
  stepOutputs,
} from '../../artifacts/workflow/scope.ts';
import { type Job, needsOf, startedBy, type Workflow } from '../../artifacts/workflow/workflow.ts';
import { at, textOfNode } from '../../artifacts/yaml.ts';
import { listed } from '../words.ts';
import { offered } from './triggers.ts';

type WorkflowDocument = Document<'workflow'>;

interface Around {
  readonly workflow: Workflow;
  readonly all: readonly WorkflowDocument[];
  readonly job: Job | undefined;
  /** The place of its step among the job's; all of them are past where it belongs to none. */
  readonly step: number;
}

/** Why a reference leads nowhere; undefined where it may lead somewhere. */
export function referenceFault(
  document: WorkflowDocument,
  all: readonly WorkflowDocument[],
  { path: keys }: Placed,
  { path, raw }: Reference,
): string | undefined {
  const [context, ...rest] = path;
  if (context === undefined) return undefined;
  if (!CONTEXTS.includes(context)) return `no context is called ${context}${offered(context, CONTEXTS)}`;
  const available = contextsAt(keys);
  if (available && !available.includes(context)) return `${context} is not known in ${keyOf(keys)}`;
  const { body: workflow } = document;
  const job = keys[0] === 'jobs' ? jobOf(workflow, (keys[1] ?? '').toLowerCase()) : undefined;
  const step = keys[2] === 'steps' ? Number(keys[3]) : Number.POSITIVE_INFINITY;
  const why = faultIn(context, rest, { workflow, all, job, step });
  return why && `${raw}: ${why}`;
}

/** `jobs.build.steps[1].run` as GitHub's pages call it. */
const keyOf = (keys: readonly string[]): string =>
  keys[0] === 'jobs'
    ? keys[2] === 'steps'
      ? `${keys[4] ?? 'a step'} of a step`
      : `${keys[2] ?? 'a job'} of a job`
    : (keys[0] ?? 'the workflow');

type Rest = readonly (string | undefined)[];

function faultIn(context: string, [first, ...rest]: Rest, around: Around): string | undefined {
  if (first === undefined || first === '*') return undefined;
  const { workflow, job } = around;
  const known = own(PROPERTIES, context)?.split(' ');
  if (known) return among(first, known, `${context} has no`);
  if (context === 'needs') return job && needFault(job, first, rest, around);
  if (context === 'steps') return job && stepFault(job, first, rest, around);
  if (context === 'matrix') return job && among(first, matrixOf(job), 'the matrix of the job has no');
  if (context === 'inputs') return inputFault(workflow, first);
  if (context === 'secrets' && first !== 'github_token')
    return among(first, givenSecrets(workflow), 'workflow_call declares no secret');
  if (context === 'jobs') {
    const of = jobOf(workflow, first);
    return of ? outputFault(of, first, rest, around) : among(first, ids(workflow), 'there is no job');
  }
  return undefined;
}

function among(name: string, known: readonly string[] | undefined, what: string): string | undefined {
  if (!known || known.includes(name)) return undefined;
  return `${what} ${name}${offered(name, known)}`;
}

const ids = ({ jobs }: Workflow): readonly string[] => jobs.map(job => job.id.source.toLowerCase());

function needFault(job: Job, name: string, rest: Rest, around: Around): string | undefined {
  const needs = needsOf(job).map(node => node.source.toLowerCase());
  if (needs.some(need => need.includes('${{'))) return undefined;
  if (!needs.includes(name)) {
    const exists = ids(around.workflow).includes(name);
    return exists ? `the job does not wait for ${name}` : among(name, needs, 'the job waits for no');
  }
  const of = jobOf(around.workflow, name);
  return of && outputFault(of, name, rest, around);
}

function outputFault(of: Job, name: string, [part, output]: Rest, { all }: Around): string | undefined {
  if (part === undefined || part === '*') return undefined;
  if (part !== 'outputs') return among(part, ['outputs', 'result'], `a job has no`);
  if (output === undefined || output === '*') return undefined;
  const outputs = outputsOf(of, all);
  if (!outputs || outputs.includes(output)) return undefined;
  const has = outputs.length > 0 ? ` (it has ${listed(outputs)})` : ' (it has none)';
  return `${name} has no output ${output}${has}`;
}

function stepFault(job: Job, id: string, [part, output]: Rest, around: Around): string | undefined {
  const steps = job.steps.map(step => textOfNode(at(step, 'id'))?.toLowerCase());
  const index = steps.indexOf(id);
  if (index === -1)
    return among(
      id,
      steps.filter(each => each !== undefined),
      'no step of the job has the id',
    );
  if (index >= around.step)
    return index === around.step ? 'it is this step itself' : `step ${id} comes later`;
  if (part === undefined || part === '*') return undefined;
  if (part !== 'outputs') return among(part, ['conclusion', 'outcome', 'outputs'], 'a step has no');
  const step = job.steps[index];
  const outputs = step && output !== undefined && output !== '*' ? stepOutputs(step) : undefined;
  return output === undefined ? undefined : among(output, outputs, `step ${id} writes no output`);
}

function inputFault(workflow: Workflow, name: string): string | undefined {
  if (!startedBy(workflow, 'workflow_dispatch', 'workflow_call'))
    return 'only workflow_dispatch and workflow_call give inputs';
  return among(name, inputsOf(workflow), 'there is no input');
}
