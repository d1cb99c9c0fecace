import { selector } from './names.ts';

/** Whom a rule of a NetworkPolicy lets in or out. */
export type Peer = object;

/** One rule of a policy: these peers, these ports. */
export interface Connection {
  readonly peers: readonly Peer[];
  readonly ports: readonly { readonly port: number; readonly protocol?: string }[];
  readonly note?: string;
}

const NAMESPACE = 'kubernetes.io/metadata.name';
const ANY = ['0.0.0.0/0', '::/0'];

/** Private and link-local addresses, where an instance's credentials and the neighbours are. RFC 1918, 3927, 4193, 4291, 6598 */
export const PUBLIC: readonly Peer[] = [
  {
    ipBlock: {
      cidr: '0.0.0.0/0',
      except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    },
  },
  { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
];

/** Pods of this namespace by the names of their services. */
export const pods = (...names: readonly string[]): Peer[] =>
  names.map(name => ({ podSelector: { matchLabels: selector(name) } }));

export const inNamespace = (name: string): Peer => ({
  namespaceSelector: { matchLabels: { [NAMESPACE]: name } },
});

/** The cluster's own servers, or the copy that each node may have of them. https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
export const DNS: readonly Peer[] = [inNamespace('kube-system'), address('169.254.20.10')];

export function address(ip: string): Peer {
  return { ipBlock: { cidr: `${ip}/${ip.includes(':') ? 128 : 32}` } };
}

export const anywhere = (): Peer[] => ANY.map(cidr => ({ ipBlock: { cidr } }));

/** No top-level domain is a number. */
export const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

/** Who answers to a host's name, which a policy cannot say: an address, a Service of this cluster, or somebody in the world. */
export function peersOf(host: string): Peer[] {
  if (isAddress(host)) return [address(host)];
  const [, namespace] = /^[^.]+\.([^.]+)\.svc(?:\..*)?$/.exec(host) ?? [];
  if (namespace !== undefined) return [inNamespace(namespace)];
  // A Service of this namespace, whose pods are not ours to know.
  if (!host.includes('.')) return [{ podSelector: {} }];
  return [...PUBLIC];
}
