import { LIVE } from '../../model/health.ts';
import { isBuilt, type Model, type Service } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { selfCheck } from '../self-check.ts';

/** What waits for what, and how a container is asked whether it is well. */
export function dependenciesOf(model: Model, service: Service): Record<string, object> {
  const entries: [string, object][] = [];
  for (const key of service.dependsOn.services) {
    const other = model.services.find(candidate => candidate.key === key);
    if (!other || other.kind === 'job') continue;
    entries.push([key, { condition: selfCheck(other) ? 'service_healthy' : 'service_started' }]);
  }
  if (service.dependsOn.database && model.database?.host === undefined)
    entries.push(['db', { condition: 'service_healthy' }]);
  if (service.dependsOn.database && model.database?.migrations?.run === 'command')
    entries.push(['migrate', { condition: 'service_completed_successfully' }]);
  if (!isBuilt(service) && service.volumes.length > 0)
    entries.push([`${service.key}-volumes`, { condition: 'service_completed_successfully' }]);
  return Object.fromEntries(entries);
}

export function healthcheckOf({ health, timing }: Service, check: readonly string[]): object {
  // A cache that speaks no HTTP has no health of its own, and is asked as often.
  const { period, timeout, failures } = health?.live ?? LIVE;
  return {
    test: ['CMD', ...check],
    interval: seconds(period),
    timeout: seconds(timeout),
    retries: failures,
    start_period: seconds(timing.startup),
  };
}
