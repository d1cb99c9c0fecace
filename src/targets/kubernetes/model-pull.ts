import { createHash } from 'node:crypto';
import { fewestReplicas } from '../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { companionPod } from './companion.ts';
import { imageOf, TEMPORARY } from './container.ts';
import { ONCE } from './job.ts';
import { labels, podsName, pullName } from './names.ts';
import type { Manifest } from './object.ts';
import { bytes, cores } from './resources.ts';
import { CONTAINER_SECURITY, podSecurity } from './security.ts';

const DAY = 86_400;
/** The server fetches and keeps the model; this one only asks for it and waits. */
const ASKING = { cpu: { request: 50, limit: 500 }, memory: 128 * 2 ** 20, disk: 64 * 2 ** 20 };

/** Models of an Ollama, fetched into its volume by a job; another list is another job. */
export const modelPull = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes')
    .filter(({ models }) => models.length > 0)
    .map(service => {
      const name = pullName(service);
      const template = templateOf(model, service, labels(model, name, service.key));
      return {
        file: service.key,
        object: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          // The template of a job can't be changed, so it is part of the name.
          metadata: { name: `${name}-${digest(template)}`, labels: labels(model, name, service.key) },
          spec: {
            ...ONCE,
            // The server may still be starting.
            backoffLimit: 10,
            ttlSecondsAfterFinished: DAY,
            template,
          },
        },
      };
    });

const templateOf = (model: Model, service: Service, own: Readonly<Record<string, string>>): object => ({
  metadata: { labels: own },
  spec: companionPod(model, service.unit, {
    restartPolicy: 'Never',
    securityContext: podSecurity(service.user, false),
    containers: commands(service).map((command, index) => container(service, command, index)),
    volumes: [{ name: TEMPORARY, emptyDir: { sizeLimit: bytes(ASKING.disk) } }],
  }),
});

interface Command {
  readonly host: string;
  readonly model: string;
}

/** Each copy keeps its models in a volume of its own. */
const commands = (service: Service): Command[] =>
  Array.from({ length: fewestReplicas(service) }, (_, index) => index).flatMap(index =>
    service.models.map(model => ({
      host: service.volumes.length > 0 ? `${service.unit}-${index}.${podsName(service)}` : service.unit,
      model,
    })),
  );

const container = (service: Service, { host, model }: Command, index: number): object => ({
  name: `pull-${index + 1}`,
  image: imageOf(service),
  imagePullPolicy: 'Always',
  command: ['ollama', 'pull', model],
  env: [
    { name: 'OLLAMA_HOST', value: `http://${host}:${service.port}` },
    { name: 'HOME', value: '/tmp' },
  ],
  resources: {
    requests: {
      cpu: cores(ASKING.cpu.request),
      memory: bytes(ASKING.memory),
      'ephemeral-storage': bytes(ASKING.disk),
    },
    limits: {
      cpu: cores(ASKING.cpu.limit),
      memory: bytes(ASKING.memory),
      'ephemeral-storage': bytes(ASKING.disk),
    },
  },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [{ name: TEMPORARY, mountPath: '/tmp' }],
});

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
