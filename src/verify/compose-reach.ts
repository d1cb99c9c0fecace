import { type Model, servicesOf } from '../model/model.ts';
import { containersOf } from '../platforms/compose/containers.ts';
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
    const isUnpublished = port !== undefined && own !== undefined && own.published[port] !== port;
    return isUnpublished ? [{ key, port, address: own.addresses[0] }] : [];
  });
  if (!isNear()) return { ...reach, hidden: inside.map(({ key }) => key) };
  const addresses = inside.flatMap(({ key, port, address }) =>
    address === undefined ? [] : [[key, new URL(`http://${address}:${port}`)] as const],
  );
  return { ...reach, addresses: Object.fromEntries(addresses) };
}

/** Docker Desktop's containers, and another machine's, are behind a network of their own. */
const isNear = (): boolean =>
  process.platform === 'linux' && /^(?:unix:.*)?$/.test(process.env['DOCKER_HOST'] ?? '');
