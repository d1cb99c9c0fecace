import type { Model, Service } from '../model/model.ts';
import { servicesOf } from '../model/model.ts';
import { type Container, containersOf } from '../platforms/compose/containers.ts';
import { machineOf } from '../platforms/machine.ts';
import type { Reach } from './endpoints.ts';

/**
 * In production Compose publishes what a proxy asks, on loopback; all else is asked at its container's own address, which
 * a Linux machine has a way to. Where it has none, such a service is left to its container's health check.
 */
export async function composeReach(model: Model, reach: Reach, signal: AbortSignal): Promise<Reach> {
  if (reach.url || model.domain !== undefined) return reach;
  const { value: containers = [] } = await containersOf(machineOf(undefined), model.name, { signal });
  const inside = servicesOf(model, 'compose').flatMap(({ key, port }) => {
    const own = containers.find(({ service, state }) => service === key && state === 'running');
    return port !== undefined && own && own.published[port] !== port ? [{ key, port, own }] : [];
  });
  if (!isNear()) return { ...reach, hidden: inside.map(({ key }) => key) };
  return { ...reach, addresses: Object.fromEntries(inside.flatMap(addressOf)) };
}

function addressOf({
  key,
  port,
  own,
}: {
  key: Service['key'];
  port: number;
  own: Container;
}): [string, URL][] {
  const [address] = own.addresses;
  return address === undefined ? [] : [[key, new URL(`http://${address}:${port}`)]];
}

/** Docker Desktop's containers, and another machine's, are behind a network of their own. */
const isNear = (): boolean =>
  process.platform === 'linux' && /^(?:unix:.*)?$/.test(process.env['DOCKER_HOST'] ?? '');
