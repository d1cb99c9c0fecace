import { factsOf } from '../../artifacts/fact.ts';
import type { Place } from '../../artifacts/text.ts';
import { type Address, addressIn, urlOf } from '../../artifacts/url.ts';
import { LOOPBACK } from '../backends.ts';
import type { Context } from '../context.ts';
import { PROVIDER_KEY } from '../providers.ts';
import type { Cluster, Workload } from './cluster.ts';
import { membersIn } from './pods.ts';
import { behind, numberAt, portNamed } from './services.ts';

/** Something that a workload is told to talk to, and the variable that says so. */
export interface Destination {
  readonly name: string;
  readonly at: Place;
  readonly host: string;
  readonly port: number;
  /** In the cluster: the pods behind the Service and their own port, or the namespace they are in. */
  readonly pods: readonly { readonly workload: Workload; readonly port: number | undefined }[];
  readonly namespace: string | undefined;
}

/** https://www.iana.org/assignments/service-names-port-numbers */
const PORTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    amqp: 5672,
    http: 80,
    https: 443,
    mongodb: 27017,
    mysql: 3306,
    nats: 4222,
    postgres: 5432,
    postgresql: 5432,
    redis: 6379,
    rediss: 6379,
  }),
);

/** Where requests come from, not where they go. */
const INWARD =
  /(?:^|_)(?:ORIGINS?|CORS|CALLBACK|REDIRECT|PUBLIC|EXTERNAL|FRONTEND|SITE|APP|SELF|LISTEN|BIND)(?:_|$)/;

export function destinationsOf(
  context: Context,
  cluster: Cluster,
  workload: Workload,
): readonly Destination[] {
  const variables = membersIn(context, workload).flatMap(member => factsOf(member, 'env'));
  const based = variables.some(({ value }) => /_(?:BASE_URL|API_BASE|ENDPOINT|PROXY)$/i.test(value.name));
  return variables.flatMap(({ value, at }): Destination[] => {
    const { name } = value;
    if (PROVIDER_KEY.test(name) && !based)
      return [{ name, at, host: 'the API of its model', port: 443, pods: [], namespace: undefined }];
    const address = INWARD.test(name) ? undefined : addressIn(urlOf(value) ?? '');
    const port = address && (address.port ?? PORTS.get(address.scheme.split('+')[0] ?? ''));
    if (!address || port === undefined || LOOPBACK.test(address.host)) return [];
    return destination(cluster, workload, { ...address, port }, { name, at });
  });
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services */
function destination(
  cluster: Cluster,
  workload: Workload,
  { host, port }: Address & { port: number },
  said: { name: string; at: Place },
): Destination[] {
  const [first = '', namespace, svc] = host.split('.');
  const inside = namespace === undefined || svc === 'svc' || (svc === undefined && !/^\d/.test(host));
  const found = { ...said, host, port };
  if (!inside) return [{ ...found, pods: [], namespace: undefined }];
  const service = cluster.named('Service', first, { namespace: namespace ?? workload.object.namespace });
  if (!service) return svc === 'svc' ? [{ ...found, pods: [], namespace }] : [];
  const pods = behind(cluster, service).map(each => ({
    workload: each,
    port: numberAt(each, service, portNamed(service, String(port))),
  }));
  return pods.length > 0 ? [{ ...found, pods, namespace }] : [];
}
