import { LIVE, type ProbeBudget, READY } from '../../model/health.ts';
import type { Database, Model } from '../../model/model.ts';
import { companionPod } from './companion.ts';
import { fromSecret } from './environment.ts';
import { databaseName, databaseSecretName } from './names.ts';
import { bytes } from './resources.ts';
import { CONTAINER_SECURITY, podSecurity } from './security.ts';

const GIB = 2 ** 30;
/** The image runs as any account, and this one is no account of a node. */
export const POSTGRES = { uid: 10_999, gid: 10_999 };
/** A fast shutdown writes a checkpoint first. */
const GRACE = 60;
const DATA = '/var/lib/postgresql';
const DEFAULT_PORT = 5432;

export const postgresImage = ({ version }: Database): string => `postgres:${version}-bookworm`;
/** The ConfigMap of what runs once, in an empty volume. */
export const initName = (model: Model): string => `${databaseName(model)}-init`;

/** PostgreSQL in its own image, which needs no root and no writable file but those of its volumes. */
export const databasePod = (model: Model, own: Database): object =>
  companionPod(model, databaseName(model), {
    securityContext: podSecurity(POSTGRES, true),
    terminationGracePeriodSeconds: GRACE,
    containers: [
      {
        name: 'postgres',
        image: postgresImage(own),
        imagePullPolicy: 'Always',
        args: own.port === DEFAULT_PORT ? undefined : ['-p', String(own.port)],
        env: environmentOf(model, own),
        ports: [{ name: 'postgres', containerPort: own.port }],
        ...probesOf(own),
        resources: {
          requests: { cpu: '250m', memory: bytes(GIB / 4), 'ephemeral-storage': bytes(GIB) },
          limits: { cpu: '1', memory: bytes(GIB), 'ephemeral-storage': bytes(GIB) },
        },
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          { name: 'data', mountPath: DATA },
          { name: 'socket', mountPath: '/var/run/postgresql' },
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'shared-memory', mountPath: '/dev/shm' },
          { name: 'init', mountPath: '/docker-entrypoint-initdb.d', readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'socket', emptyDir: { sizeLimit: '1Mi' } },
      { name: 'tmp', emptyDir: { sizeLimit: bytes(GIB / 4) } },
      // Parallel queries share more than the 64 MiB that a container has; it counts as memory.
      { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: bytes(GIB / 4) } },
      { name: 'init', configMap: { name: initName(model), defaultMode: 0o555 } },
    ],
  });

const environmentOf = (model: Model, own: Database): object[] => [
  { name: 'POSTGRES_USER', value: 'postgres' },
  { name: 'POSTGRES_DB', value: own.name },
  // A folder of its own in the volume, which may have others at its top; each major finds its own.
  { name: 'PGDATA', value: `${DATA}/${Number.parseInt(own.version, 10)}/data` },
  { name: 'POSTGRES_PASSWORD', ...fromKey(model, 'DATABASE_ADMIN_PASSWORD') },
  ...DATABASE_PASSWORDS.map(name => fromSecret(name, databaseSecretName(model))),
];

/** Of the roles; the superuser's is DATABASE_ADMIN_PASSWORD. */
const DATABASE_PASSWORDS = ['DATABASE_OWNER_PASSWORD', 'DATABASE_PASSWORD', 'DATABASE_BACKUP_PASSWORD'];

const fromKey = (model: Model, key: string): object => ({
  valueFrom: { secretKeyRef: { name: databaseSecretName(model), key } },
});

/** By TCP: while the roles are still being made, PostgreSQL listens on its socket only. */
function probesOf(own: Database): object {
  const ready = ['pg_isready', '--quiet', '--host', '127.0.0.1', '--port', String(own.port)];
  const asked = { exec: { command: [...ready, '--username', 'postgres', '--dbname', own.name] } };
  return {
    startupProbe: { ...asked, ...times({ ...READY, failures: 60 }) },
    // One that recovers from a crash refuses connections, and must not be killed for it.
    livenessProbe: { tcpSocket: { port: 'postgres' }, ...times(LIVE) },
    readinessProbe: { ...asked, ...times(READY) },
  };
}

const times = ({ period, timeout, failures }: Omit<ProbeBudget, 'path'>): object => ({
  periodSeconds: period / 1_000,
  timeoutSeconds: timeout / 1_000,
  failureThreshold: failures,
});
