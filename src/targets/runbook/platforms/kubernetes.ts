import { fewestReplicas, workloadOf } from '../../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import type { Platform } from './platform.ts';

export function kubernetes(model: Model): Platform {
  const kubectl = `kubectl --namespace ${shellWord(model.namespace)}`;
  const carried = servicesOf(model, 'kubernetes');
  const chosen = (services: readonly Service[]) =>
    services.filter(service => carried.includes(service) && service.kind !== 'job');
  const each = (command: (unit: string) => string) => (services: readonly Service[]) =>
    chosen(services).map(service => command(shellWord(workloadOf(service))));
  return {
    id: 'kubernetes',
    title: 'In Kubernetes',
    status: () => [
      `${kubectl} get deployments,statefulsets,pods --output wide`,
      `${kubectl} get events --sort-by=.lastTimestamp`,
    ],
    logs: each(unit => `${kubectl} logs ${unit} --all-containers --tail 200`),
    recent: services =>
      chosen(services).map(
        ({ unit }) =>
          `${kubectl} logs --selector app.kubernetes.io/name=${shellWord(unit)} --all-containers --since 1h --tail -1`,
      ),
    restart: each(unit => `${kubectl} rollout restart ${unit}`),
    stop: each(unit => `${kubectl} scale ${unit} --replicas 0`),
    start: services =>
      chosen(services).map(
        service => `${kubectl} scale ${shellWord(workloadOf(service))} --replicas ${fewestReplicas(service)}`,
      ),
    usage: () => [`${kubectl} top pods --containers`],
  };
}
