import type { Access, Endpoint } from '../deployment.ts';
import { type Discovery, discover } from '../discovery/discover.ts';
import { busyAnswer } from '../health/busy.ts';
import { type Answer, header, quote } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Observation, type Probe, pass, undecided } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly timeout: number;
  readonly found: (endpoint: Endpoint) => void;
}

const MOST_MOVES = 5;
const EXPECTED = 'an HTTP service';

export const endpoints: Probe<Asked> = {
  id: 'endpoints',
  title:
    'an address alone: which health, metrics, version, documentation and streaming endpoints answer there',
  plan: ({ unexplored }, { timeout }) =>
    unexplored
      ? [
          {
            name: `what answers at ${unexplored.access.base.host}`,
            data: { ...unexplored, timeout },
            timeout: timeout * 3,
            gate: true,
          },
        ]
      : [],
  async observe({ data }, { signal }) {
    let { access } = data;
    const seen = [access.base.href];
    for (;;) {
      const result = await discover(access, signal, data.timeout);
      const asked = `GET ${access.base.href}`;
      if (result.kind === 'trouble') return failFor(asked, result, EXPECTED);
      if (result.kind === 'discovery') return tell(result, data, seen);
      const to = nextOf(result, access);
      if (typeof to === 'string') return elsewhere(asked, result, to);
      if (seen.includes(to.href) || seen.length > MOST_MOVES)
        return elsewhere(
          asked,
          result,
          `${seen.includes(to.href) ? 'in a circle' : 'ever further'}: ${[...seen, to.href].join(' -> ')}`,
        );
      seen.push(to.href);
      access = { ...access, base: to };
    }
  },
};

/** Only to the same name: what is elsewhere is not what was asked for, and gets no token. */
function nextOf(answer: Answer, { base }: Access): URL | string {
  const to = header(answer.headers, 'location') ?? '';
  if (!URL.canParse(to, base.href)) return `to ${quote(to)}, which is no address`;
  const url = new URL(to, base);
  if (url.hostname !== base.hostname) return `to another host, ${url.host}`;
  if (base.protocol === 'https:' && url.protocol !== 'https:') return `from TLS to ${url.href}`;
  return url;
}

const elsewhere = (asked: string, { status }: Answer, where: string): Observation =>
  fail({
    expected: EXPECTED,
    observed: `${asked} was answered with ${status} ${where}`,
    next: 'give the address that answers with --url',
  });

function tell({ endpoint, docs, root }: Discovery, { found }: Asked, seen: readonly string[]): Observation {
  const { live, ready, startup, deep, version, metrics, stream } = endpoint;
  const named = {
    live,
    ready,
    startup,
    deep,
    version,
    metrics: metrics?.pathname,
    [stream?.kind ?? 'sse']: stream?.paths.join(' '),
    docs,
  };
  const list = Object.entries(named).flatMap(([name, path]) =>
    path === undefined ? [] : [`${name} ${path}`],
  );
  const moved = seen.length > 1 ? ` (by ${seen.join(' -> ')})` : '';
  if (live !== undefined || ready !== undefined) {
    found(endpoint);
    return pass(`${endpoint.access.base.host}${moved}: ${list.join(', ')}`);
  }
  const asked = `GET ${endpoint.access.base.href}`;
  const busy = busyAnswer(root, asked, EXPECTED);
  if (busy) return busy;
  if (root.status >= 500)
    return fail({
      expected: EXPECTED,
      observed: `${asked} was answered with ${root.status}: ${quote(root.text)}`,
      next: 'the proxy may reach no service: check that it runs and where it listens',
    });
  found(endpoint);
  return undecided({
    expected: 'a health endpoint at one of the usual paths',
    observed: `${endpoint.access.base.host}${moved} answers (${root.status}), and none of them does${list.length > 0 ? `; found ${list.join(', ')}` : ''}`,
    next: 'write the paths into aideploy.yaml (`aideploy init` finds them in the source), or serve /health/live and /health/ready',
  });
}
