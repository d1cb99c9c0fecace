import { TAG_UNSET } from '../../model/cluster.ts';
import type { Model, Service } from '../../model/model.ts';
import { fileKeys } from './config.ts';
import { environmentOf } from './environment.ts';
import { environmentName } from './names.ts';
import { expandable, piecesOf } from './place.ts';
import { portsOf } from './ports.ts';
import { probesOf } from './probes.ts';
import { resourcesOf } from './resources.ts';
import { CONTAINER_SECURITY } from './security.ts';

export const TEMPORARY = 'tmp';
export const FILES = 'files';
export const CERTIFICATES = 'certificates';

/** The service's container, without the volumes' claims. */
export function containerOf(model: Model, service: Service): object {
  const words = (texts: Service['args'] | undefined) =>
    texts && nonEmpty(texts.map(text => expandable(piecesOf(text, model, service))));
  const { plain, own } = environmentOf(model, service);
  return {
    name: service.unit,
    image: imageOf(service),
    // A node's own copy is used only by pods that may fetch it; what is there is not fetched again.
    imagePullPolicy: 'Always',
    command: words(service.command),
    args: words(service.args),
    envFrom:
      Object.keys(plain).length > 0 ? [{ configMapRef: { name: environmentName(service) } }] : undefined,
    env: nonEmpty(own),
    ports: nonEmpty(portsOf(service).map(({ name, port }) => ({ name, containerPort: port }))),
    ...(service.kind === 'job' ? {} : probesOf(service)),
    lifecycle: lifecycleOf(service),
    resources: resourcesOf(service),
    securityContext: CONTAINER_SECURITY,
    volumeMounts: mountsOf(service),
  };
}

/** An overlay names the tag of what is built here. */
export const imageOf = (service: Service): string =>
  service.source.kind === 'image' ? service.source.image : `${service.source.repository}:${TAG_UNSET}`;

/** Requests still arrive while the endpoint is being taken out of every proxy. */
function lifecycleOf({ kind, timing }: Service): object | undefined {
  if (kind !== 'http' || timing.drainDelay === 0) return undefined;
  return { preStop: { sleep: { seconds: Math.ceil(timing.drainDelay / 1_000) } } };
}

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

const mountsOf = (service: Service): object[] => [
  { name: TEMPORARY, mountPath: '/tmp' },
  ...service.volumes.map(({ name, path }) => ({ name, mountPath: path })),
  ...service.files.map(({ path }, index) => ({
    name: FILES,
    mountPath: path,
    subPath: fileKeys(service)[index],
    readOnly: true,
  })),
  // A whole folder, so that a renewed certificate arrives in pods that run.
  ...(service.grpc?.certificates
    ? [{ name: CERTIFICATES, mountPath: service.grpc.certificates, readOnly: true }]
    : []),
];
