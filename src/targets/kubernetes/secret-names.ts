import { CERTIFICATES } from './container.ts';
import type { KubeObject } from './object.ts';

export interface NamedSecret {
  readonly name: string;
  readonly type: 'Opaque' | 'kubernetes.io/tls';
  readonly keys: readonly {
    readonly key: string;
    /** What an operator has to know of it. */
    readonly note: string | undefined;
  }[];
}

interface Reference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** Every Secret that a container of the objects reads, with its keys, and what is to be known of them. */
export function secretsNamedBy(objects: readonly KubeObject[]): NamedSecret[] {
  const references = objects.flatMap(object => referencesIn(object));
  const values = [...new Set(references.map(({ name }) => name))].map(name => {
    const own = references.filter(each => each.name === name);
    const keys = [...new Set(own.map(({ key }) => key))];
    return {
      name,
      type: 'Opaque' as const,
      keys: keys.map(key => ({ key, note: noteOn(key, own) })),
    };
  });
  const certificates = [...new Set(objects.flatMap(certificatesIn))].map(name => ({
    name,
    type: 'kubernetes.io/tls' as const,
    keys: [
      { key: 'tls.crt', note: 'the certificate with its chain, as PEM' },
      { key: 'tls.key', note: 'its key, as PEM' },
    ],
  }));
  return [...values, ...certificates];
}

/** Secrets that a program finds as a folder with its certificate. */
function certificatesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, secret } = value as { name?: unknown; secret?: { secretName: string } };
  if (name === CERTIFICATES && secret) return [secret.secretName];
  return Object.values(value).flatMap(certificatesIn);
}

function noteOn(key: string, references: readonly Reference[]): string | undefined {
  if (key === 'auth' || key === 'users') return 'a line of htpasswd -nB <user>';
  const needed = references.some(each => each.key === key && each.optional !== true);
  return needed ? undefined : 'optional: leave it out where there is none';
}

/** A proxy that asks for a password has a Secret of its own, under a key of its own. */
function passwords(key: string, inner: unknown): Reference[] {
  if (key === 'nginx.ingress.kubernetes.io/auth-secret') return [{ name: String(inner), key: 'auth' }];
  if (key !== 'basicAuth') return [];
  return [{ name: (inner as { secret: string }).secret, key: 'users' }];
}

function referencesIn(value: unknown): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'secretKeyRef' ? [inner as Reference] : [...passwords(key, inner), ...referencesIn(inner)],
  );
}
