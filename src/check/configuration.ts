import type { Document } from '../artifacts/document.ts';
import type { AnyFact, Component, FactKind, FactValues } from '../artifacts/fact.ts';
import { at, entriesOf, placeOf, textOfNode, type YamlNode } from '../artifacts/yaml.ts';
import type { Model, Service } from '../model/model.ts';

/** What the configuration says of its services: what it leaves out stands at the service itself. */
export const configured = ({ body: root }: Document<'config'>, model: Model): readonly Component[] =>
  model.services.flatMap(service => {
    const node = at(root, 'services', service.key);
    return node ? [componentOf(service, node, entryPlace(root, service.key))] : [];
  });

const entryPlace = (root: YamlNode, key: string) => {
  const entry = entriesOf(at(root, 'services')).find(each => each.key.source === key);
  return placeOf(entry?.key ?? root);
};

function componentOf(service: Service, node: YamlNode, place: Component['at']): Component {
  const fact = <K extends FactKind>(
    kind: K,
    value: FactValues[K] | undefined,
    ...path: string[]
  ): AnyFact[] => {
    const written = path.length > 0 ? at(node, ...path) : undefined;
    if (value === undefined) return [];
    const said = written ? textOfNode(written) : undefined;
    const note = said === undefined ? {} : { note: `${path.join('.')}: ${said}` };
    return [
      {
        kind,
        value,
        at: written ? placeOf(written) : place,
        origin: written ? 'explicit' : 'derived',
        ...note,
      } as AnyFact,
    ];
  };
  const { timing, stream, health } = service;
  const streams = stream !== undefined && stream.kind !== 'none';
  // Nobody asks a worker or a job anything: the usual limits are none of theirs.
  const limit = (kind: 'timeout.llm' | 'timeout.request', value: number, key: string) =>
    service.kind === 'http' || at(node, 'timeouts', key) ? fact(kind, value, 'timeouts', key) : [];
  return {
    platform: 'config',
    form: 'process',
    name: service.unit,
    aliases: [service.key],
    at: place,
    scope: '',
    facts: [
      ...fact('stop.drain', timing.drain, 'timeouts', 'drain'),
      ...fact('stop.before', timing.drainDelay, 'timeouts', 'drainDelay'),
      ...limit('timeout.request', timing.request, 'request'),
      ...limit('timeout.llm', timing.llm, 'llm'),
      ...(streams ? fact('stream.max', stream.maxDuration, 'stream', 'maxDuration') : []),
      ...(streams ? fact('stream.paths', stream.paths, 'stream', 'paths') : []),
      ...(streams ? fact('stream.heartbeat', stream.heartbeat, 'stream', 'heartbeat') : []),
      ...fact('body.limit', service.limits.body, 'limits', 'body'),
      ...(service.port ? fact('port.listen', { port: service.port }, 'port') : []),
      ...Object.entries(service.ports).flatMap(([name, port]) =>
        fact('port.listen', { port, name }, name, 'port'),
      ),
      ...(at(node, 'workers', 'memory')
        ? fact('worker.memory', service.capacity.worker.memory, 'workers', 'memory')
        : []),
      ...(service.metrics && (service.metrics.port ?? service.port) === service.port
        ? fact('metrics.path', service.metrics.path, 'metrics')
        : []),
      ...(health?.deep ? fact('health.deep', health.deep, 'health', 'deep') : []),
      ...(health ? fact('health', { role: 'live', path: health.live.path }, 'health', 'live') : []),
      ...(health ? fact('health', { role: 'ready', path: health.ready.path }, 'health', 'ready') : []),
    ],
    longRunning: service.kind !== 'job',
  };
}
