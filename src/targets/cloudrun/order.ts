import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';
import { callsOf } from './environment.ts';

/** Those that others call come first; the configuration was checked for circles. */
export function inOrder(cloud: CloudRun): CloudRunService[] {
  const done: CloudRunService[] = [];
  const visit = (own: CloudRunService, above: readonly string[]) => {
    if (done.includes(own) || above.includes(own.service.key)) return;
    for (const key of [...own.service.dependsOn.services, ...callsOf(cloud, own)]) {
      const other = cloud.services.find(({ service }) => service.key === key);
      if (other) visit(other, [...above, own.service.key]);
    }
    done.push(own);
  };
  for (const own of cloud.services) visit(own, []);
  return done;
}
