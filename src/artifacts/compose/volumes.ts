import { type AnyFact, stated } from '../fact.ts';
import { at, itemsOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import type { Value } from './compose.ts';

export function volumeFacts(layer: YamlNode, value: Value): AnyFact[] {
  const tmpfs = at(layer, 'tmpfs');
  return [
    ...itemsOf(at(layer, 'volumes')).flatMap(item =>
      item.kind === 'map' ? longForm(item, value) : shortForm(item, value(item)),
    ),
    ...(tmpfs?.kind === 'list' ? tmpfs.items : tmpfs ? [tmpfs] : []).flatMap(item => {
      const target = value(item)?.split(':')[0];
      return target ? stated('volume', { kind: 'scratch', target, readOnly: false }, placeOf(item)) : [];
    }),
  ];
}

function longForm(item: YamlNode, value: Value): AnyFact[] {
  const [type, source, target] = ['type', 'source', 'target'].map(key => value(at(item, key)));
  if (!target) return [];
  const kind = type === 'tmpfs' ? 'scratch' : type === 'bind' ? 'bind' : 'volume';
  const readOnly = textOfNode(at(item, 'read_only')) === 'true';
  return stated('volume', { kind, target, readOnly, ...(source ? { source } : {}) }, placeOf(item));
}

/** `source:target[:options]`, or the target alone; a path is a bind, a name a volume. */
function shortForm(item: YamlNode, text: string | undefined): AnyFact[] {
  const [, source, target, options] =
    /^(?:((?:[a-zA-Z]:[\\/])?[^:]*):)?(\/[^:]*)(?::([\w,]+))?$/.exec(text ?? '') ?? [];
  if (!target) return [];
  const kind = source && /^[./~]|^[a-zA-Z]:[\\/]/.test(source) ? 'bind' : 'volume';
  const readOnly = options?.split(',').includes('ro') ?? false;
  return stated('volume', { kind, target, readOnly, ...(source ? { source } : {}) }, placeOf(item));
}
