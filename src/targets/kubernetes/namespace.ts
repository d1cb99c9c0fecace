import type { Model } from '../../model/model.ts';
import type { Manifest } from './object.ts';

const DEFAULT_VERSION = '1.34';

/** Every pod in it has to meet the profile `restricted`. https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
export function namespace(model: Model): Manifest {
  const version = `v${model.targets.kubernetes?.version ?? DEFAULT_VERSION}`;
  const modes = ['enforce', 'audit', 'warn'].flatMap(mode => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, version],
  ]);
  return {
    file: 'namespace',
    object: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: model.namespace,
        labels: { 'app.kubernetes.io/part-of': model.name, ...Object.fromEntries(modes) },
      },
    },
  };
}
