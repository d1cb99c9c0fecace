import { type AnyFact, stated } from '../fact.ts';
import { at, itemsOf, placeOf, type YamlNode } from '../yaml.ts';
import type { Value } from './compose.ts';

/** https://docs.docker.com/reference/compose-file/services/#ports: `[HOST:]PUBLISHED:TARGET[/PROTOCOL]`, or a mapping. */
export function portFacts(layer: YamlNode, value: Value): AnyFact[] {
  const published = itemsOf(at(layer, 'ports')).flatMap(item =>
    item.kind === 'map' ? longForm(item, value) : shortForm(item, value(item)),
  );
  const exposed = itemsOf(at(layer, 'expose')).flatMap(item => {
    const port = Number(/^(\d+)(?:\/tcp)?$/.exec(value(item) ?? '')?.[1]);
    return port ? stated('port.listen', { port }, placeOf(item)) : [];
  });
  return [...published, ...exposed];
}

function longForm(item: YamlNode, value: Value): AnyFact[] {
  const [target, port] = [Number(value(at(item, 'target'))), Number(value(at(item, 'published')))];
  const [host, protocol] = [value(at(item, 'host_ip')), value(at(item, 'protocol'))];
  if (!target || !port || (protocol ?? 'tcp') !== 'tcp') return [];
  return stated('port.published', { port, target, ...(host ? { host } : {}) }, placeOf(item));
}

/** What stands before the first colon is an address only if another colon follows the port. */
const SHORT =
  /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):(?=[\d-]*:))?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/tcp)?$/;

function shortForm(item: YamlNode, text: string | undefined): AnyFact[] {
  const [, host, first, last = first, target] = SHORT.exec(text ?? '') ?? [];
  // Without a port of the host docker takes any free one.
  if (!first || !target) return [];
  const count = Math.min(Number(last) - Number(first), 100) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, i) =>
    stated(
      'port.published',
      { port: Number(first) + i, target: Number(target) + i, ...(host ? { host } : {}) },
      placeOf(item),
    ),
  ).flat();
}
