import dns from 'node:dns';
import { connect, isIP } from 'node:net';
import { accessesOf } from '../accesses.ts';
import { hostOf } from '../http/exchange.ts';
import { type Attempt, fail, type Observation, type Probe, pass, undecided } from '../probe.ts';

interface Name {
  readonly host: string;
  readonly port: number;
}

/** A name is asked for before anything else, so every user waits for it. */
const SLOW = 1_000;
const MOST_ADDRESSES = 8;
/** No route from here says nothing of the address: many networks have no IPv6. */
const NO_ROUTE = /^(?:ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT)$/;

export const dnsProbe: Probe<Name> = {
  id: 'dns',
  title: 'the name resolves quickly, and every address behind it takes connections',
  plan: deployment =>
    accessesOf(deployment).flatMap(({ access, subject }) => {
      const host = hostOf(access.base);
      const port = Number(access.base.port || (access.base.protocol === 'https:' ? 443 : 80));
      if (isIP(host) || /(?:^|\.)localhost$/.test(host)) return [];
      const spec = { ...subject, name: `${host} resolves`, data: { host, port }, gate: true as const };
      const other = access.connectTo && `connected to ${access.connectTo} instead, as --connect-to says`;
      return [other ? { ...spec, skip: other } : spec];
    }),
  async observe({ data }, attempt) {
    const started = performance.now();
    const found = await lookUp(data.host, attempt);
    const took = Math.round(performance.now() - started);
    if (!Array.isArray(found)) return unresolved(data, found, took);
    const addresses = found.slice(0, MOST_ADDRESSES);
    const tries = await Promise.all(addresses.map(address => knock(address, data.port, attempt)));
    const closed = tries.flatMap((why, i) =>
      why !== undefined && !NO_ROUTE.test(why) ? [`${addresses[i]} (${why})`] : [],
    );
    if (closed.length > 0) return closedAt(data, closed, addresses.length);
    if (tries.every(why => why !== undefined)) return noRoute(data, addresses);
    if (took > SLOW) return slow(data, took);
    return pass(`${data.host} is ${addresses.join(', ')} (${took} ms)`);
  },
};

async function lookUp(host: string, { signal }: Attempt): Promise<string[] | string> {
  const aborted = new Promise<string>(resolve =>
    signal.addEventListener('abort', () => resolve('no answer'), { once: true }),
  );
  const asked = dns.promises.lookup(host, { all: true }).then(
    all => all.map(({ address }) => address),
    error => String(error.code ?? error.message),
  );
  return Promise.race([asked, aborted]);
}

/** Undefined where somebody listens, else why not. */
function knock(host: string, port: number, { signal }: Attempt): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect({ host, port, signal });
    const end = (why?: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(signal.aborted ? 'no answer' : (error.code ?? error.message)),
    );
  });
}

const unresolved = ({ host }: Name, why: string, took: number): Observation =>
  fail({
    expected: 'an address',
    observed: `${host} was not resolved in ${took} ms (${why})`,
    next: 'check the name, its A and AAAA records, and the resolver',
  });

const closedAt = ({ host, port }: Name, closed: readonly string[], all: number): Observation =>
  fail({
    expected: `port ${port} open at each of the ${all} addresses of ${host}`,
    observed: `not at ${closed.join(', ')}`,
    next: 'take the address out of the records, or start what should listen there',
  });

const noRoute = ({ host }: Name, addresses: readonly string[]): Observation =>
  fail({
    expected: 'a route to an address',
    observed: `${host} is ${addresses.join(', ')}, and none of them can be reached from here`,
    next: 'check network, firewall and VPN, and that the records are not of another address family than the network',
  });

const slow = ({ host }: Name, took: number): Observation =>
  undecided({
    expected: `an address within ${SLOW} ms`,
    observed: `${host} took ${took} ms to resolve`,
    next: 'ask again, and check the resolver of this machine and the name servers of the domain',
  });
