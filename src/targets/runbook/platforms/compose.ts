import { type Model, type Service, servicesOf } from '../../../model/model.ts';
import { type Platform, words } from './platform.ts';

const COMPOSE = 'docker compose -f compose.prod.yaml';

export function compose(model: Model): Platform {
  const carried = servicesOf(model, 'compose');
  const keys = (services: readonly Service[]) =>
    services.filter(service => carried.includes(service) && service.kind !== 'job').map(({ key }) => key);
  const run = (command: (keys: string) => string) => (services: readonly Service[]) =>
    keys(services).length === 0 ? [] : [command(words(keys(services)))];
  return {
    id: 'compose',
    title: 'With Compose',
    status: () => [`${COMPOSE} ps --all`],
    logs: run(all => `${COMPOSE} logs --tail 200 --timestamps ${all}`),
    recent: run(all => `${COMPOSE} logs --since 1h --no-log-prefix --no-color ${all}`),
    restart: run(all => `${COMPOSE} up --detach --wait --force-recreate --no-deps ${all}`),
    stop: run(all => `${COMPOSE} stop ${all}`),
    start: run(all => `${COMPOSE} up --detach --wait ${all}`),
    usage: () => [`${COMPOSE} stats --no-stream`],
  };
}
