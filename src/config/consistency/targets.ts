import { nearest } from '../nearest.ts';
import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

/** Targets that run programs built here, and can't carry somebody else's image. */
const BUILT_ONLY = ['systemd', 'windows', 'cloudrun'];

export function targetProblems(config: Config): Contradiction[] {
  return [...unknownServices(config), ...longNames(config)];
}

/** Platforms that cut or refuse names which are fine elsewhere. */
function longNames({ name, services, targets }: Config): Contradiction[] {
  const several = Object.values(services).filter(service => service.language).length > 1;
  return Object.entries(services).flatMap(([key, service]): Contradiction[] => {
    const unit = several || !service.language ? `${name}-${key}` : name;
    const onCloudRun =
      targets.cloudrun && service.language && (targets.cloudrun.services ?? [key]).includes(key);
    const inCluster = targets.kubernetes && (targets.kubernetes.services ?? [key]).includes(key);
    const [platform, longest] =
      [
        ...(onCloudRun ? [['Cloud Run', 49] as const] : []),
        ...(inCluster ? clusterLimits(service) : []),
      ].find(([, most]) => unit.length > most) ?? [];
    if (platform === undefined) return [];
    const message = `${unit} has ${unit.length} characters; ${platform} allows ${longest}, so shorten this or the name`;
    return [{ path: ['services', key], message }];
  });
}

/** Kubernetes makes names of pods and labels out of these, which have 63 characters at most. */
function clusterLimits({ kind, volumes, models }: ServiceConfig): (readonly [string, number])[] {
  return [
    ...(models.length > 0 ? [['the Kubernetes Job that fetches its models', 49] as const] : []),
    ...(kind === 'job' ? [['a Kubernetes CronJob', 52] as const] : []),
    ...(volumes.length > 0 ? [['a Kubernetes StatefulSet', 52] as const] : []),
  ];
}

function unknownServices(config: Config): Contradiction[] {
  return Object.entries(config.targets).flatMap(([target, section]) =>
    (section?.services ?? []).flatMap((name, i): Contradiction[] => {
      const path = ['targets', target, 'services', i];
      const service = Object.hasOwn(config.services, name) ? config.services[name] : undefined;
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
