import type { CloudRunService } from '../../model/cloudrun.ts';
import type { ProbeBudget } from '../../model/health.ts';
import { seconds } from '../../model/references.ts';

interface Probe {
  readonly name: 'startupProbe' | 'livenessProbe';
  readonly notes: readonly string[];
  readonly action: object;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
}

/** Asked over HTTP/1, at the port that speaks it. Nobody asks for readiness: an instance gets requests once it has started. */
export function probesOf({ service, startup }: CloudRunService): Probe[] {
  const { health, port } = service;
  if (!health) return [];
  const probe = (
    name: Probe['name'],
    { path, period, timeout }: ProbeBudget,
    failures: number,
    notes: string[],
  ) => ({
    name,
    notes,
    action: { httpGet: { path, port } },
    period: period / 1_000,
    timeout: timeout / 1_000,
    failures,
  });
  const first = health.startup.path === health.live.path ? health.ready.path : health.startup.path;
  const cut = startup.cut
    ? [`timeouts.startup is ${seconds(service.timing.startup)}; Cloud Run waits 240s at most.`]
    : [];
  return [
    probe('startupProbe', { ...health.startup, path: first }, startup.failures, cut),
    probe('livenessProbe', health.live, health.live.failures, []),
  ];
}
