import type { Service } from '../../model/model.ts';
import { quoted, regexLiteral, type Scene, selector } from './rule.ts';

/** How cAdvisor names a service's processes: a unit's cgroup, a compose service or pods. */
export function containersOf(scene: Scene, service: Service, metric: string): string {
  return selector(metric, `job='tool/cadvisor'`, ...matchersOf(scene, service));
}

function matchersOf({ model, monitoring }: Scene, service: Service): string[] {
  const unit = regexLiteral(service.unit);
  switch (monitoring.platform) {
    case 'host':
      return [`id=~${quoted(`.*/${unit}(@[0-9]+)?\\.service`)}`];
    case 'compose':
      return [
        `container_label_com_docker_compose_project=${quoted(model.name)}`,
        `container_label_com_docker_compose_service=${quoted(service.key)}`,
      ];
    default:
      return [
        `namespace=${quoted(monitoring.namespace)}`,
        `pod=~${quoted(podsOf(service))}`,
        `container!=''`,
      ];
  }
}

/** Pods of a Deployment and of a StatefulSet. */
export const podsOf = ({ unit }: Service): string => `${regexLiteral(unit)}-([a-z0-9]+-[a-z0-9]{5}|[0-9]+)`;

/** Labels that such a series has. */
export function containerLabels({ model, monitoring }: Scene, service: Service): Record<string, string> {
  const job = { job: 'tool/cadvisor', instance: 'one' };
  switch (monitoring.platform) {
    case 'host':
      return { ...job, id: `/system.slice/${service.unit}.service` };
    case 'compose':
      return {
        ...job,
        name: `${model.name}-${service.key}-1`,
        container_label_com_docker_compose_project: model.name,
        container_label_com_docker_compose_service: service.key,
      };
    default:
      return {
        ...job,
        namespace: monitoring.namespace,
        pod: `${service.unit}-5d9f7c8b6-x2x4z`,
        container: service.unit,
      };
  }
}
