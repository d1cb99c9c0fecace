import type { Endpoint } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { ask, header, quote } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { type Exposition, hasFamily, readExposition } from '../metrics/exposition.ts';
import { isScrapeType, scrape } from '../metrics/scrape.ts';
import { type Attempt, fail, type Observation, type Probe, pass } from '../probe.ts';
import { requestOf, type SmokeRequest } from '../smoke/request.ts';

interface Asked {
  readonly endpoint: Endpoint;
  readonly url: URL;
  /** Something that the program counts and that costs nothing. */
  readonly nudge: SmokeRequest | undefined;
  readonly counter: string | undefined;
  readonly timeout: number;
}

export const metrics: Probe<Asked> = {
  id: 'metrics',
  title: 'the metrics are valid, the families that dashboards and alerts ask for are there, and they move',
  plan: ({ endpoints, model }, { timeout, env }) =>
    endpoints.flatMap(endpoint => {
      const { metrics: url, access, smoke, metricFamilies } = endpoint;
      if (!url) return [];
      const free = smoke.find(({ paid, method, expect }) => !paid && method === 'POST' && !expect.sse);
      const nudge = free && requestOf(free, endpoint, model, env);
      const data = {
        endpoint,
        url,
        timeout,
        counter: metricFamilies.find(name => /_(?:total|count)$/.test(name)),
        nudge,
      };
      const spec = {
        ...subjectOf(endpoint),
        name: `${endpoint.service ?? 'the service'}: metrics at ${url.pathname}`,
        data,
      };
      return [
        access.public
          ? { ...spec, skip: 'asked from outside, where they must not be: see exposure' }
          : { ...spec, timeout: timeout * 3 },
      ];
    }),
  async observe({ data }, attempt) {
    const before = await look(data, attempt);
    if ('status' in before) return before;
    const { nudge, counter, endpoint } = data;
    const families = endpoint.metricFamilies.length > 0 ? `, with ${endpoint.metricFamilies.join(', ')}` : '';
    const seen = `GET ${data.url.pathname}: ${before.series} series${families}`;
    if (!nudge || nudge.missing.length > 0 || !counter) return pass(seen);
    const { method, path, headers, body = '' } = nudge;
    await ask({ access: endpoint.access, method, path, headers, body, signal: attempt.signal });
    const after = await look(data, attempt);
    if ('status' in after) return after;
    const [was = 0, is = 0] = [before.totals.get(counter), after.totals.get(counter)];
    if (is > was) return pass(`${seen}; ${counter} moves`);
    return fail({
      expected: `${counter} to grow by ${method} ${path}`,
      observed: `it was ${was} before and ${is} after`,
      next: 'check that the program counts its requests, and that the metrics are those of the same process',
    });
  },
};

async function look(
  { endpoint, url, timeout }: Asked,
  { signal }: Attempt,
): Promise<Exposition | Observation> {
  const asked = `GET ${url.pathname}`;
  const expected = '200 and metrics in the text format of Prometheus';
  const answer = await scrape(endpoint.access, url, signal, timeout);
  if (answer.kind === 'trouble') return failFor(asked, answer, expected);
  const bad = (observed: string, next: string) => fail({ expected, observed: `${asked} ${observed}`, next });
  if (answer.status !== 200)
    return bad(
      `was answered with ${answer.status}: ${quote(answer.text)}`,
      'check port and path under `metrics`',
    );
  if (!isScrapeType(answer))
    return bad(
      `has Content-Type ${header(answer.headers, 'content-type') ?? 'none'}: ${quote(answer.text)}`,
      'answer with text/plain; version=0.0.4: Prometheus refuses other types',
    );
  const exposition = readExposition(answer.text);
  if (exposition.fault)
    return bad(`is no valid exposition, ${exposition.fault}`, 'let a client library of Prometheus write it');
  if (exposition.series === 0)
    return bad('holds no series', 'register the metrics with the handler that serves them');
  const missing = endpoint.metricFamilies.filter(name => !hasFamily(exposition, name));
  if (missing.length > 0)
    return bad(
      `lacks ${missing.join(', ')}`,
      'count them from the start at 0, or say the names under observability.metrics.family',
    );
  return exposition;
}
