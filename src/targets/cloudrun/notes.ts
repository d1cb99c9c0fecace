import { CLOUD_RUN_DRAIN, type CloudRun, type CloudRunService, cloudRunOf } from '../../model/cloudrun.ts';
import { type Model, servicesOf } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { environmentOf } from './environment.ts';

/** Bodies of HTTP/1 requests: https://cloud.google.com/run/quotas */
const LARGEST_BODY = 32 * 2 ** 20;

/** What Cloud Run does otherwise than the configuration asks, for the person who renders. */
export function notesOf(model: Model): string[] {
  const cloud = cloudRunOf(model);
  if (!cloud || cloud.services.length === 0) return [];
  return [
    ...(cloud.settings.public ? ['public: true lets everybody call without a token, at your expense'] : []),
    ...leftOut(model, cloud),
    ...drainNotes(cloud),
    ...cloud.services.flatMap(own => [...portNotes(own), ...dataNotes(model, cloud, own)]),
    ...(model.database?.migrations?.run === 'command'
      ? ['migrations are not run by deploy.sh: run them before it, where the database can be reached']
      : []),
  ];
}

function leftOut(model: Model, cloud: CloudRun): string[] {
  const others = servicesOf(model, 'cloudrun').filter(
    each => !cloud.services.some(({ service }) => service.key === each.key),
  );
  return others.length === 0
    ? []
    : [`carries built http services alone; not ${others.map(({ key }) => key).join(', ')}`];
}

function drainNotes({ services }: CloudRun): string[] {
  const cut = services.filter(({ service }) => service.timing.drain > CLOUD_RUN_DRAIN);
  return cut.length === 0
    ? []
    : [
        `an instance has 10s after SIGTERM, whatever the drain (${cut.map(({ service }) => `${service.unit}: ${seconds(service.timing.drain)}`).join(', ')})`,
      ];
}

function portNotes({ service, port }: CloudRunService): string[] {
  const { unit, grpc, metrics, limits } = service;
  const unserved = [
    ...(grpc && port.name === 'http1' ? [`gRPC (${grpc.port})`] : []),
    ...(port.name === 'h2c' && service.port !== undefined ? [`HTTP (${service.port})`] : []),
    ...(metrics?.port !== undefined && metrics.port !== port.number && metrics.port !== service.port
      ? [`metrics (${metrics.port})`]
      : []),
  ];
  return [
    ...(unserved.length > 0
      ? [`${unit} is reached at port ${port.number} alone; not served: ${unserved.join(', ')}`]
      : []),
    ...(metrics && metrics.port === port.number && port.name === 'http1'
      ? [`${metrics.path} of ${unit} is there for everybody who may call it: no proxy stands before it`]
      : []),
    ...(port.name === 'http1' && limits.body > LARGEST_BODY
      ? [`${unit} gets bodies of 32Mi at most over HTTP/1`]
      : []),
  ];
}

function dataNotes(model: Model, cloud: CloudRun, own: CloudRunService): string[] {
  const { service } = own;
  const { vpcConnector, network } = cloud.settings;
  const { absent } = environmentOf(model, cloud, own);
  return [
    ...absent.map(({ name, what }) => `${name} of ${service.unit} is left out: it names ${what}`),
    ...(service.volumes.length > 0
      ? [`volumes of ${service.unit} are memory of the instance, and gone with it`]
      : []),
    ...(service.dependsOn.database && vpcConnector === null && network === undefined
      ? [`${service.unit} reaches its database over the internet: neither vpcConnector nor network is set`]
      : []),
  ];
}
