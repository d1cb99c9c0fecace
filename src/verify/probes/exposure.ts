import type { Access, Endpoint } from '../deployment.ts';
import { readBody } from '../health/body.ts';
import { subjectOf } from '../health/questions.ts';
import { type Answer, ask, header } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { readExposition } from '../metrics/exposition.ts';
import { fail, type Observation, type Probe, pass } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly secret: readonly Secret[];
  readonly timeout: number;
}

interface Secret {
  readonly path: string;
  readonly kind: 'deep' | 'metrics' | 'debug';
}

const TELLS: Readonly<Record<Secret['kind'], string>> = {
  deep: 'names every dependency and asks each of them for whoever comes',
  metrics: 'tells strangers of traffic, spending and versions',
  debug: 'tells strangers of the memory of the program',
};

export const exposure: Probe<Asked> = {
  id: 'exposure',
  title: 'deep health, metrics and debug pages are not reachable from outside',
  plan: ({ endpoints }, { timeout }) =>
    endpoints.flatMap(endpoint => {
      const secret = secretsOf(endpoint);
      const name = `${endpoint.access.base.host}: nothing internal is public`;
      if (!endpoint.access.public || secret.length === 0) return [];
      return [{ ...subjectOf(endpoint), name, data: { access: endpoint.access, secret, timeout } }];
    }),
  async observe({ data: { access, secret, timeout } }, { signal }) {
    const looks = await Promise.all(
      secret.flatMap(each =>
        // A slash more leads to the same handler in some frameworks.
        [each.path, `${each.path}/`].map(async path => {
          const answer = await ask({ access, path, signal, within: timeout, anonymous: true });
          return { ...each, path, answer };
        }),
      ),
    );
    const bare: Observation[] = looks.flatMap(({ path, kind, answer }) => {
      if (answer.kind === 'trouble')
        // Whoever cuts the connection tells nothing; whoever is not there has shown nothing.
        return answer.cause === 'reset' ? [] : [failFor(`GET ${path}`, answer, 'a refusal')];
      return shows(kind, answer) ? [told(path, kind, answer)] : [];
    });
    return (
      bare[0] ?? pass(`${looks.map(({ path, answer }) => `${path} ${answer.status ?? 'cut'}`).join(', ')}`)
    );
  },
};

function secretsOf({ deep, metrics, service }: Endpoint): Secret[] {
  const path = metrics?.pathname;
  return [
    ...(deep === undefined ? [] : [{ path: deep, kind: 'deep' as const }]),
    ...(path === undefined || path === '/' ? [] : [{ path, kind: 'metrics' as const }]),
    // Without a configuration the usual places are tried.
    ...(service === undefined && deep === undefined ? [{ path: '/health/deep', kind: 'deep' as const }] : []),
    ...(service === undefined && path === undefined ? [{ path: '/metrics', kind: 'metrics' as const }] : []),
    { path: '/debug/pprof', kind: 'debug' as const },
  ];
}

function shows(kind: Secret['kind'], answer: Answer): boolean {
  const { status, text } = answer;
  if (kind === 'metrics') return status < 300 && readExposition(text).series > 0;
  if (kind === 'debug') return status < 300 && /pprof|goroutine/i.test(text);
  const { meaning } = readBody(text, header(answer.headers, 'content-type') ?? '', 'deep');
  // Also a no names the dependencies.
  return (status < 300 || status >= 500) && (meaning === 'good' || meaning === 'bad' || meaning === 'partly');
}

const told = (path: string, kind: Secret['kind'], { status }: Answer): Observation =>
  fail({
    expected: 'a refusal such as 404',
    observed: `GET ${path} was answered with ${status} and ${TELLS[kind]}`,
    next: 'refuse the path in the proxy, the ingress or the route; whoever needs it asks from inside',
  });
