import { at, entriesOf, itemsOf, textOfNode, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts';

export interface Workflow {
  readonly root: YamlMap;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly id: YamlScalar;
  readonly node: YamlNode;
  readonly steps: readonly YamlNode[];
}

export interface Event {
  readonly name: string;
  readonly node: YamlNode;
  readonly settings: YamlNode | undefined;
}

/** What starts it: one name, a list of names, or names with settings. */
export function eventsOf({ root }: Workflow): readonly Event[] {
  const on = at(root, 'on');
  const named = on?.kind === 'list' ? itemsOf(on) : on?.kind === 'scalar' ? [on] : [];
  return [
    ...named.flatMap(node => {
      const name = textOfNode(node);
      return name === undefined ? [] : [{ name, node, settings: undefined }];
    }),
    ...entriesOf(on).map(({ key, value }) => ({ name: key.source, node: key, settings: value })),
  ];
}

export const startedBy = (workflow: Workflow, ...names: readonly string[]): boolean =>
  eventsOf(workflow).some(event => names.includes(event.name));

/** The jobs that a job waits for. */
export const needsOf = ({ node }: Job): readonly YamlScalar[] => {
  const needs = at(node, 'needs');
  const nodes = needs?.kind === 'list' ? needs.items : needs ? [needs] : [];
  return nodes.filter((each): each is YamlScalar => textOfNode(each) !== undefined);
};

/** `owner/name/path` and what stands behind the `@` of what a step or a job uses. */
export interface Use {
  readonly node: YamlScalar;
  readonly action: string;
  readonly owner: string;
  readonly ref: string | undefined;
}

/** Undefined for what stands in this repository, and for images. */
export function useOf(step: YamlNode): Use | undefined {
  const node = at(step, 'uses');
  const [, action, ref] = /^([^@]+)(?:@(.*))?$/.exec(textOfNode(node) ?? '') ?? [];
  if (node?.kind !== 'scalar' || !action || /^(?:\.{1,2}\/|docker:)/.test(action)) return undefined;
  return { node, action, owner: action.split('/')[0] ?? '', ref };
}

/** A full commit, which nobody can move. */
export const isCommit = (ref: string | undefined): boolean => /^[\da-f]{40}$/i.test(ref ?? '');
