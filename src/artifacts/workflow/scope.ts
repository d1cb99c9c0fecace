import type { Document } from '../document.ts';
import { at, entriesOf, entryOf, itemsOf, textOfNode, type YamlNode } from '../yaml.ts';
import { type Job, needsOf, type Workflow } from './workflow.ts';

type WorkflowDocument = Document<'workflow'>;

export const jobOf = ({ jobs }: Workflow, id: string): Job | undefined =>
  jobs.find(job => job.id.source.toLowerCase() === id);

/** Names are compared in small letters; undefined where they are only known at the run. */
export type Names = readonly string[] | undefined;

const keysOf = (node: YamlNode | undefined): string[] =>
  entriesOf(node).map(({ key }) => key.source.toLowerCase());

/** The file that a job calls, where the set holds it; `missing` where it is of this repository and is not there. */
export function calledBy(
  job: Job,
  all: readonly WorkflowDocument[],
): WorkflowDocument | 'missing' | undefined {
  const path = /^\.\/(\.github\/workflows\/[^@]+)$/.exec(textOfNode(at(job.node, 'uses')) ?? '')?.[1];
  if (!path) return undefined;
  return all.find(each => each.name === path || each.name.endsWith(`/${path}`)) ?? 'missing';
}

export function outputsOf(job: Job, all: readonly WorkflowDocument[]): Names {
  if (!at(job.node, 'uses')) return keysOf(at(job.node, 'outputs'));
  const called = calledBy(job, all);
  if (called === undefined || called === 'missing') return undefined;
  return keysOf(at(called.body.root, 'on', 'workflow_call', 'outputs'));
}

export function matrixOf(job: Job): Names {
  const strategy = at(job.node, 'strategy');
  const matrix = at(strategy, 'matrix');
  if (!strategy) return [];
  if (matrix?.kind !== 'map') return undefined;
  const include = at(matrix, 'include');
  if (include && include.kind !== 'list') return undefined;
  if (itemsOf(include).some(item => item.kind !== 'map')) return undefined;
  const own = keysOf(matrix).filter(key => key !== 'include' && key !== 'exclude');
  return [...own, ...itemsOf(include).flatMap(keysOf)];
}

/** What whoever starts it, or calls it, may give. */
export const inputsOf = ({ root }: Workflow): readonly string[] =>
  ['workflow_dispatch', 'workflow_call'].flatMap(event => keysOf(at(root, 'on', event, 'inputs')));

/** The secrets that it may be given: undefined where it is started by itself too, or inherits all. */
export function givenSecrets({ root }: Workflow): Names {
  const on = at(root, 'on');
  const secrets = entryOf(at(on, 'workflow_call'), 'secrets');
  return keysOf(on).length === 1 && secrets ? keysOf(secrets.value) : undefined;
}

/** Names that a step's own script writes; undefined where it uses an action, or writes in a way that is not read here. */
export function stepOutputs(step: YamlNode): Names {
  const run = textOfNode(at(step, 'run'));
  if (run === undefined) return undefined;
  const lines = run.split('\n').filter(line => /GITHUB_OUTPUT|::set-output/.test(line));
  const names = lines.map(
    line =>
      /^\s*(?:echo|printf)\s+["']?(?:::set-output name=)?([A-Za-z_][\w-]{0,100})(?:=|::|<<)/.exec(line)?.[1],
  );
  return lines.length === 0 || names.includes(undefined)
    ? undefined
    : names.map(name => (name ?? '').toLowerCase());
}

/** A job that waits for itself, by way of others. */
export function circleOf(workflow: Workflow, job: Job): readonly string[] | undefined {
  const start = job.id.source.toLowerCase();
  const seen = new Set<string>();
  const below = (id: string, way: readonly string[]): readonly string[] | undefined => {
    const next = jobOf(workflow, id);
    for (const need of next ? needsOf(next) : []) {
      const name = need.source.toLowerCase();
      if (name === start) return [...way, start];
      if (seen.has(name)) continue;
      seen.add(name);
      const found = below(name, [...way, name]);
      if (found) return found;
    }
    return undefined;
  };
  return below(start, [start]);
}
