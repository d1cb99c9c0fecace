/** What monitoring renders, before the programs that read it, and against a service that really runs. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createEngine } from '../../src/render/engine.ts';
import { monitoring } from '../../src/targets/monitoring/index.ts';
import { go, launchUntil, type Running } from '../services/launch.ts';
import { freePort } from '../services/ports.ts';
import { cleanUp, start, until } from '../services/programs.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { need, prometheusTool } from './judges.ts';

const engine = await createEngine();
const all = [...FIXTURE_CASES, ...ownCases('monitoring')]
  .filter(({ model }) => monitoring.applies(model))
  .map(({ name, model }) => {
    const artifacts = monitoring.render(model, engine);
    const file = (end: string) => artifacts.find(({ path }) => path.endsWith(`/${end}`))?.content ?? '';
    return { name, artifacts, file };
  });
/** Environments whose rules are the same would only be judged again. */
const cases = all.filter(
  (each, i) => all.findIndex(other => other.file('alerts.yml') === each.file('alerts.yml')) === i,
);
type Case = (typeof all)[number];
const named = (name: string): Case => all.find(each => each.name === name) as Case;

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-monitoring-'));
  for (const { name, artifacts } of all) {
    await mkdir(join(dir, name));
    for (const { path, content } of artifacts)
      await writeFile(join(dir, name, path.split('/').at(-1) ?? ''), content);
  }
});
afterAll(async () => {
  await cleanUp();
  await rm(dir, { recursive: true });
});

const promtool = (command: string, file: string) => prometheusTool('promtool', command.split(' '), file);

describe.runIf(need('promtool', 'amtool'))('promtool and amtool', () => {
  it.each(all)('$name: the configuration is read', async ({ name, file }) => {
    // Debian's build knows no Kubernetes; everything else is judged.
    const config = parse(file('prometheus.yml')) as { scrape_configs: Record<string, unknown>[] };
    for (const job of config.scrape_configs) {
      if (!job['kubernetes_sd_configs']) continue;
      job['kubernetes_sd_configs'] = undefined;
      job['static_configs'] = [{ targets: ['127.0.0.1:1'] }];
    }
    await writeFile(join(dir, name, 'judged.yml'), stringify(config));
    expect(await promtool('check config --syntax-only', join(dir, name, 'judged.yml'))).toEqual([]);
    expect(await prometheusTool('amtool', ['check-config'], join(dir, name, 'alertmanager.yml'))).toEqual([]);
  });

  it.each(all)('$name: the rules are read, without a word of their linter', async ({ name }) => {
    expect(await promtool('check rules --lint=all --lint-fatal', join(dir, name, 'alerts.yml'))).toEqual([]);
  });

  it.each(cases)(
    '$name: each alert fires on its bad samples, and not on its good ones',
    { timeout: 180_000 },
    async ({ name }) => {
      expect(await promtool('test rules', join(dir, name, 'alerts.test.yml'))).toEqual([]);
    },
  );

  it.each(all)('$name: each query of the dashboard is one', async ({ name, file }) => {
    const queries = (JSON.parse(file('dashboard.json')) as Dashboard).panels.flatMap(({ targets }) =>
      targets.map(({ expr }) => expr),
    );
    expect(queries.length).toBeGreaterThan(0);
    const rules = queries.map((expr, i) => ({ record: `dashboard:query_${i}`, expr }));
    await writeFile(join(dir, name, 'queries.yml'), stringify({ groups: [{ name: 'queries', rules }] }));
    expect(await promtool('check rules --lint=all --lint-fatal', join(dir, name, 'queries.yml'))).toEqual([]);
  });
});

interface Dashboard {
  panels: { targets: { expr: string }[] }[];
}

describe('a service that runs', () => {
  let service: Running;
  beforeAll(async () => {
    service = await launchUntil('/health/ready', go);
  }, 180_000);

  it('serves every metric and label of its family that the rules and the dashboard name', async () => {
    const served = await (await fetch(service.metrics)).text();
    const texts = named('full').file('alerts.yml') + named('full').file('dashboard.json');
    const metrics = new Set([...texts.matchAll(/\bai_\w+/g)].map(([name]) => name));
    expect(metrics.size).toBeGreaterThan(4);
    for (const metric of metrics) expect(served).toMatch(new RegExp(`^${metric}(?:\\{|\\s)`, 'm'));
    for (const label of ['endpoint="', 'status="', 'direction="input"', 'type="'])
      expect(served).toContain(label);
  });

  it.runIf(need('promtool'))(
    'is scraped by the rendered configuration, and missed when it stops',
    { timeout: 300_000 },
    async () => {
      const port = await freePort();
      const folder = join(dir, 'full');
      await writeFile(join(folder, 'live.yml'), stringify(hurried(named('full'), service)));
      await writeFile(
        join(folder, 'alerts.yml'),
        named('full')
          .file('alerts.yml')
          .replaceAll(/for: \d+\w/g, 'for: 1s'),
      );
      start([
        'prometheus',
        `--config.file=${join(folder, 'live.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ]);
      const ask = async (query: string) => {
        const answer = await fetch(
          `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`,
        ).catch(() => undefined);
        // Until its log is read back, Prometheus answers with a sentence.
        if (!answer?.ok) return [];
        const body = (await answer.json()) as
          | { data?: { result: { value: [number, string] }[] } }
          | undefined;
        return body?.data?.result.map(each => each.value[1]) ?? [];
      };
      await until(
        async () => (await ask('up{job="chatbot"}'))[0] === '1',
        'Prometheus to scrape the service',
      );
      await until(async () => (await ask('service:requests:rate5m')).length === 1, 'the recorded rate');
      const firing = 'ALERTS{alertname="ServiceDown", alertstate="firing", service="chatbot"}';
      expect(await ask(firing)).toEqual([]);
      service.program.signal('SIGKILL');
      await until(async () => (await ask(firing)).length === 1, 'the alert to fire');
    },
  );
});

/** The same jobs and rules, every second, with the one service at its own port. */
function hurried({ file }: Case, { metrics }: Running): object {
  const config = parse(file('prometheus.yml')) as {
    global: object;
    scrape_configs: { job_name: string; static_configs: object[] }[];
  };
  const job = config.scrape_configs.find(each => each.job_name === 'chatbot');
  if (job) job.static_configs = [{ targets: [new URL(metrics).host], labels: { service: 'chatbot' } }];
  return {
    ...config,
    alerting: undefined,
    global: { ...config.global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: [job],
  };
}
