import type { Text } from '../../config/schema/text.ts';
import type { CloudRun } from '../../model/cloudrun.ts';
import type { Model, Service } from '../../model/model.ts';
import { type Place, resolve } from '../../model/references.ts';
import { type Interpolated, interpolation, mixed } from '../../render/engine.ts';

/** Why a text cannot be said on Cloud Run. */
export class Absent {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

type Piece = string | Interpolated | Absent;

/** Where deploy.sh puts the host of another service, which Cloud Run names when it is there. */
export const hostVariable = (key: string): string => `AIDEPLOY_HOST_${key.replaceAll('-', '_')}`;

const placeOf = (model: Model): Place<Piece> => ({
  literal: text => text,
  tag: () => model.image.tag ?? interpolation('${AIDEPLOY_TAG}'),
  serviceHost: service => service.key,
  servicePort: service => service.port ?? 0,
  databaseHost: () => model.database?.host ?? '',
  databaseUrl: () => new Absent('the URL of the database, which only a secret holds'),
});

/** A text of the configuration, or what it names that is not to be had there. */
export function textOf(
  text: Text,
  model: Model,
  cloud: CloudRun,
  service: Service,
): string | Interpolated | Absent {
  const pieces = text.flatMap(piece =>
    'literal' in piece ? [piece.literal] : reference(piece.reference, model, cloud, service),
  );
  const absent = pieces.find(piece => piece instanceof Absent);
  if (absent instanceof Absent) return absent;
  const said = pieces as (string | Interpolated)[];
  return said.every(piece => typeof piece === 'string') ? said.join('') : mixed(said);
}

function reference(name: string, model: Model, cloud: CloudRun, service: Service): Piece[] {
  const [, key = '', part = ''] = /^services\.([^.]+)\.(.+)$/.exec(name) ?? [];
  if (key !== '') return otherService(key, part, cloud);
  const traced = /^otel\.(?:endpoint|address)$/.test(name) && tracedBy(model);
  if (traced) return [new Absent(`the service ${traced}, which is not on Cloud Run`)];
  if (name === 'database.host' && model.database?.host === undefined)
    return [new Absent('a database beside the service, which Cloud Run has not')];
  return resolve([{ reference: name }], model, service, placeOf(model));
}

/** Traces may go to one of the services, which receives them at a port that Cloud Run does not serve. */
const tracedBy = ({ observability, services }: Model): string | undefined => {
  const host = /^https?:\/\/([^:/]+)/.exec(observability.otel?.endpoint ?? '')?.[1];
  return services.find(({ key }) => key === host)?.key;
};

function otherService(key: string, part: string, cloud: CloudRun): Piece[] {
  const other = cloud.services.find(({ service }) => service.key === key);
  if (!other) return [new Absent(`the service ${key}, which is not on Cloud Run`)];
  const host = interpolation(`\${${hostVariable(key)}}`);
  switch (part) {
    case 'url':
      return ['https://', host];
    case 'host':
      return [host];
    case 'port':
      return ['443'];
    case 'grpc':
      return other.port.name === 'h2c'
        ? [host, ':443']
        : [new Absent(`the gRPC port of ${key}, which Cloud Run does not serve`)];
    default:
      return [new Absent(`a further port of ${key}, which Cloud Run does not serve`)];
  }
}
