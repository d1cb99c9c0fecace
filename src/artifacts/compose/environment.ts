import { type AnyFact, stated } from '../fact.ts';
import { partlyUrl } from '../url.ts';
import { at, entriesOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import type { Value } from './compose.ts';

/** `partly` is the text of a node with `*` for what is only known elsewhere. */
export function environmentFacts(
  layer: YamlNode,
  value: Value,
  partly: (node: YamlNode) => string,
): AnyFact[] {
  const node = at(layer, 'environment');
  const named = entriesOf(node).flatMap(({ key, value: given }) =>
    stated('env', variable(key.source, value(given), partly(given)), placeOf(key)),
  );
  const listed = itemsOf(node).flatMap(item => {
    const name = textOfNode(item)?.split('=', 1)[0];
    const whole = value(item);
    const behind = (text: string | undefined) =>
      text?.includes('=') ? text.slice(text.indexOf('=') + 1) : undefined;
    return name ? stated('env', variable(name, behind(whole), behind(partly(item))), placeOf(item)) : [];
  });
  const files = at(layer, 'env_file');
  const paths = (files?.kind === 'list' ? files.items : files ? [files] : []).flatMap(item => {
    const path = value(item.kind === 'map' ? at(item, 'path') : item);
    const optional = textOfNode(at(item, 'required')) === 'false';
    return path ? stated('env.file', { path, optional }, placeOf(item)) : [];
  });
  const secrets = at(layer, 'secrets');
  const mounted = secrets ? stated('env.unseen', { from: 'secrets' }, placeOf(secrets)) : [];
  return [...paths, ...mounted, ...named, ...listed];
}

const variable = (name: string, value: string | undefined, partly: string | undefined) =>
  value === undefined ? { name, ...partlyUrl(partly) } : { name, value };
