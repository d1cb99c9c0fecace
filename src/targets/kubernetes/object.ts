import { UNREADABLE } from '../../render/escape/properties.ts';
import { named } from '../../render/escape/yaml.ts';
import { refuse } from '../../render/unrepresentable.ts';

/** One object of Kubernetes as plain data; keys that are undefined are not there. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** An object and where it stands: `api` is deploy/k8s/base/api.yaml. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
  /** Comments, each above the line that a JSON pointer into the object names. */
  readonly notes?: Readonly<Record<string, string>>;
}

/**
 * A ConfigMap that kustomize makes of files, so that its name follows from its content and a change
 * starts new pods.
 */
export interface ConfigMap {
  readonly file: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Variables, one a line: a value with a line end belongs into the container's own `env`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Contents by key; undefined where the project has no such file yet. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** No hash in the name: a change starts nothing. */
  readonly fixedName?: true;
}

/**
 * The object without keys that are undefined, so that equal objects compare equal; what kustomize would
 * stumble over is refused.
 */
export function present<T>(value: T): T {
  if (Array.isArray(value)) return value.map(present) as T;
  if (typeof value === 'string' && UNREADABLE.test(value))
    return refuse('kustomize', value, 'its YAML reader takes no such character, not even escaped');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, named(key, () => present(inner))]),
  ) as T;
}
