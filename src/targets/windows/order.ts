import type { BuiltService } from '../../model/model.ts';

/** What others depend on comes first; otherwise as in the file. A circle was refused with the configuration. */
export function inStartOrder(services: readonly BuiltService[]): BuiltService[] {
  const ordered: BuiltService[] = [];
  const visit = (service: BuiltService, above: readonly string[]): void => {
    if (ordered.includes(service) || above.includes(service.key)) return;
    for (const key of service.dependsOn.services) {
      const other = services.find(each => each.key === key);
      if (other) visit(other, [...above, service.key]);
    }
    ordered.push(service);
  };
  for (const service of services) visit(service, []);
  return ordered;
}
