import { type Model, servicesOf } from '../../model/model.ts';
import { labelsOf } from './names.ts';
import type { Manifest } from './object.ts';
import { podOf } from './pod.ts';

/** Of a job that somebody starts: it never comes, and the job is suspended besides. */
const NEVER = '0 0 30 2 *';
/** A start that was missed, as by a controller that was down, is made up for within this time. */
const STARTING_DEADLINE = 600;
const DAY = 86_400;

/** Jobs of the configuration; without a schedule they wait for `kubectl create job --from=cronjob/<name>`. */
export const job = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes')
    .filter(({ kind }) => kind === 'job')
    .map(service => {
      const pod = podOf(model, service);
      return {
        file: service.key,
        object: {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: { name: service.unit, labels: labelsOf(model, service) },
          spec: {
            schedule: service.schedule ?? NEVER,
            timeZone: 'Etc/UTC',
            suspend: service.schedule === undefined ? true : undefined,
            concurrencyPolicy: 'Forbid',
            startingDeadlineSeconds: STARTING_DEADLINE,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
            jobTemplate: {
              metadata: { labels: labelsOf(model, service) },
              spec: {
                ...ONCE,
                ttlSecondsAfterFinished: 7 * DAY,
                template: { ...pod, spec: { restartPolicy: 'Never', ...pod.spec } },
              },
            },
          },
        },
      };
    });

/** What failed is not tried again, since prompts are paid; what a drained node ended is. */
export const ONCE: object = {
  backoffLimit: 0,
  podFailurePolicy: {
    rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
  },
};
