import { backupOf } from '../../model/backup.ts';
import { backsUp, backupName, runsBeside } from '../../model/companions.ts';
import type { Database, Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { backupView } from '../backup-view.ts';
import { claimOf, companion, companionPod } from './companion.ts';
import { POSTGRES, postgresImage } from './database-pod.ts';
import { databaseName, databaseSecretName, labels } from './names.ts';
import type { ConfigMap, Manifest } from './object.ts';
import { bytes } from './resources.ts';
import { CONTAINER_SECURITY, podSecurity } from './security.ts';

const MIB = 2 ** 20;
const DAY = 86_400;
/** As long as the timer of a host gives it. */
const DEADLINE = 43_200;
/** Where the scripts and the backups are in the container. */
const SCRIPTS = '/opt/backup';
const BACKUPS = '/backups';
const FILES = ['backup.sh', 'restore.sh', 'rehearse.sh'];

/** The scripts of `deploy/backup`, by whose rules no good backup goes before there is a newer one. */
export const backup = (model: Model): Manifest[] => {
  const { database } = model;
  if (!database || !backsUp(model)) return [];
  return companion(model, 'backup', backupName(model), metadata => [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: claimOf(model, bytes(database.backup.size)),
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: database.backup.schedule,
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        // A controller that was down makes up for it.
        startingDeadlineSeconds: DAY / 2,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: DEADLINE,
            ttlSecondsAfterFinished: 7 * DAY,
            template: { metadata: { labels: metadata.labels }, spec: podOf(model, database) },
          },
        },
      },
    },
  ]);
};

const podOf = (model: Model, database: Database): object =>
  companionPod(model, backupName(model), {
    restartPolicy: 'Never',
    securityContext: podSecurity(POSTGRES, true),
    containers: [
      {
        name: 'backup',
        image: database.backup.image ?? postgresImage(database),
        imagePullPolicy: 'Always',
        command: ['bash', `${SCRIPTS}/backup.sh`, '--reason', 'schedule'],
        env: environmentOf(model, database),
        resources: {
          requests: { cpu: '100m', memory: bytes(128 * MIB), 'ephemeral-storage': bytes(256 * MIB) },
          limits: { cpu: '1', memory: bytes(512 * MIB), 'ephemeral-storage': bytes(256 * MIB) },
        },
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          { name: 'backups', mountPath: BACKUPS },
          { name: 'scripts', mountPath: SCRIPTS, readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'backups', persistentVolumeClaim: { claimName: backupName(model) } },
      // They call each other.
      { name: 'scripts', configMap: { name: scriptsName(model), defaultMode: 0o555 } },
      { name: 'tmp', emptyDir: { sizeLimit: bytes(128 * MIB) } },
    ],
  });

/** A password file that the whole group may read, as a volume's, is one that libpq does not take. */
const environmentOf = (model: Model, database: Database): object[] => [
  { name: 'BACKUP_VIA', value: 'host' },
  ...(runsBeside(database) ? [{ name: 'BACKUP_HOST', value: databaseName(model) }] : []),
  { name: 'BACKUP_DIR', value: BACKUPS },
  { name: 'BACKUP_STATE', value: BACKUPS },
  {
    name: 'PGPASSWORD',
    valueFrom: { secretKeyRef: { name: databaseSecretName(model), key: 'DATABASE_BACKUP_PASSWORD' } },
  },
];

const scriptsName = (model: Model): string => `${backupName(model)}-scripts`;

export function backupScripts(model: Model, engine: Engine): ConfigMap[] {
  const plan = backupOf(model);
  if (!plan || !backsUp(model)) return [];
  const view = backupView(model, plan);
  const name = scriptsName(model);
  return [
    {
      file: 'backup',
      name,
      labels: labels(model, backupName(model), 'backup'),
      files: Object.fromEntries(FILES.map(file => [file, engine.render(`backup/${file}`, view)])),
    },
  ];
}
