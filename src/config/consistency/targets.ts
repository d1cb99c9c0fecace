import type { Contradiction } from '../consistency.ts';
import { nearest } from '../nearest.ts';
import type { Config } from '../schema/config.ts';

/** Targets that run programs built here, and can't carry somebody else's image. */
const BUILT_ONLY = ['systemd', 'windows', 'cloudrun'];

export function targetProblems(config: Config): Contradiction[] {
  return Object.entries(config.targets).flatMap(([target, section]) =>
    (section?.services ?? []).flatMap((name, i): Contradiction[] => {
      const path = ['targets', target, 'services', i];
      const service = config.services[name];
      if (!service) {
        const offer = nearest(name, Object.keys(config.services));
        return [
          {
            path,
            message: `no service of this name${offer ? `; did you mean "${offer}"?` : ''}`,
            value: name,
          },
        ];
      }
      if (service.image && BUILT_ONLY.includes(target))
        return [
          { path, message: `${target} runs programs built here; ${name} is the image ${service.image}` },
        ];
      return [];
    }),
  );
}
