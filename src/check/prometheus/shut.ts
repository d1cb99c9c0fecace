import type { Context } from '../context.ts';
import { firewallOf, lets } from '../firewall.ts';
import { frontsOf } from '../fronts.ts';
import type { Finding } from '../rule.ts';
import type { Job, Target } from './jobs.ts';

/**
 * A target at a public name of a host of the set, whose firewall lets nobody in to its port. Backends of its proxy are
 * for cross/closed-port-used, and a port that some address may reach may be reached from Prometheus.
 */
export function shut(context: Context, job: Job, { host, port, at }: Target): Finding[] {
  const front = frontsOf(context).get(host);
  const firewall = firewallOf(context);
  if (!front || !firewall || front.backends.has(port) || lets(firewall, port) !== false) return [];
  if (firewall.openings.some(({ from, to }) => port >= from && port <= to)) return [];
  const message = `the job ${job.name} scrapes ${host}:${port}, which the firewall of the host lets nobody in to`;
  return [{ at, message, related: [{ ...firewall.enabled, message: 'the firewall' }] }];
}
