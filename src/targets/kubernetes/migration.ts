import { migrating, migrationName, runsBeside } from '../../model/companions.ts';
import type { BuiltService, Model } from '../../model/model.ts';
import { companion, companionPod } from './companion.ts';
import { imageOf } from './container.ts';
import { databasePassword, fromSecret } from './environment.ts';
import { ONCE } from './job.ts';
import { databaseSecretName } from './names.ts';
import type { Manifest } from './object.ts';
import { databaseUrl, expandable } from './place.ts';
import { bytes, diskOf, resourcesOf } from './resources.ts';
import { CONTAINER_SECURITY, podSecurity } from './security.ts';

/** It never comes, and the job is suspended besides: a deploy starts it. */
const NEVER = '0 0 30 2 *';
const DAY = 86_400;
/** A migration may rewrite tables, but one that waits for ever stops every deploy. */
const DEADLINE = 3_600;

/**
 * What a deploy makes a Job of, before the new program starts. A Job itself could be applied once only, since
 * what it runs cannot be changed; this changes with each release and keeps its name.
 */
export const migration = (model: Model): Manifest[] => {
  const service = migrating(model);
  if (!service) return [];
  const name = migrationName(model);
  const manifests = companion(model, 'migrations', name, metadata => [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: NEVER,
        timeZone: 'Etc/UTC',
        suspend: true,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: DEADLINE,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            ...ONCE,
            activeDeadlineSeconds: DEADLINE,
            ttlSecondsAfterFinished: 7 * DAY,
            template: { metadata: { labels: metadata.labels }, spec: podOf(model, service) },
          },
        },
      },
    },
  ]);
  const how = `kubectl create job --from=cronjob/${name} ${name}-<release>`;
  return manifests.map(each =>
    each.object.kind === 'CronJob' ? { ...each, notes: { '/spec': how } } : each,
  );
};

/** The service's image with the owner's URL, which the service itself is never given. */
const podOf = (model: Model, service: BuiltService): object =>
  companionPod(model, migrationName(model), {
    restartPolicy: 'Never',
    securityContext: podSecurity(service.user, false),
    containers: [
      {
        name: 'migrate',
        image: imageOf(service),
        imagePullPolicy: 'Always',
        // As it stands: the kubelet would take $(NAME) for a variable.
        command: model.database?.migrations?.command?.map(word => expandable([{ literal: word }])),
        env: ownerUrl(model),
        resources: resourcesOf(service),
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: bytes(diskOf(service.capacity)) } }],
  });

function ownerUrl(model: Model): object[] {
  const name = model.database?.migrations?.secret ?? '';
  if (!runsBeside(model.database)) return [fromSecret(name, databaseSecretName(model))];
  return [databasePassword(model, 'owner'), { name, value: expandable(databaseUrl(model, 'owner')) }];
}
