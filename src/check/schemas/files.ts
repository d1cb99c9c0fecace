import { compose } from '../../artifacts/compose/index.ts';
import type { Document } from '../../artifacts/document.ts';
import type { YamlMap } from '../../artifacts/yaml.ts';
import type { Fault } from './fault.ts';
import { familyOf } from './load.ts';
import type { Reader } from './scalar.ts';
import { faultsOf } from './validate.ts';

/** What compose refuses in a file by its schema: https://github.com/compose-spec/compose-spec */
export function composeFaults({ name, body: { root } }: Document<'compose'>): readonly Fault[] {
  const faults = faultsOfFile('compose', root, { casts: true });
  // Other programs have services with images too, in files of other names.
  const another =
    !compose.names.test(name) && faults.some(({ at }) => root.entries.get(keyOf(at))?.key === at);
  return another ? [] : faults;
}

/** What GitHub refuses in a workflow by its syntax; what starts it is judged with the events. */
export function workflowFaults({ name, body: { root } }: Document<'workflow'>): readonly Fault[] {
  // Those who took the syntax over have added to it.
  return /(?:^|\/)\.(?:forgejo|gitea)\//.test(name)
    ? []
    : faultsOfFile('workflow', root, { casts: true, coerces: true });
}

function faultsOfFile(family: string, root: YamlMap, reader: Reader): readonly Fault[] {
  const schemas = familyOf(family);
  const [shape] = schemas.kinds[family] ?? [0];
  return faultsOf(schemas, shape, root, { ...reader, term: 'key' });
}

const keyOf = (node: Fault['at']): string => (node.kind === 'scalar' ? node.source : '');
