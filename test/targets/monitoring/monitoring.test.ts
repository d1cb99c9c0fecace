import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertsOf } from '../../../src/model/alerts.ts';
import { oldestBackup } from '../../../src/model/backup.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { monitoring } from '../../../src/targets/monitoring/index.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('monitoring')]
  .filter(({ model }) => monitoring.applies(model))
  .map(({ name, model }) => {
    const artifacts = monitoring.render(model, engine);
    const file = (end: string) => artifacts.find(({ path }) => path.endsWith(`/${end}`))?.content;
    return { name, model, file };
  });
const named = (name: string) => cases.find(each => each.name === name)?.file ?? (() => undefined);

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const rulesOf = (text: string | undefined): Rule[] =>
  (parse(text ?? '') as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

describe.each(cases)('the alerts of $name', ({ model, file }) => {
  const alerts = rulesOf(file('alerts.yml')).filter(({ alert }) => alert !== undefined);

  test('are those that the model says can fire', () => {
    expect([...new Set(alerts.map(({ alert }) => alert))].sort()).toEqual(alertsOf(model).toSorted());
  });

  test('say how long, how bad, what and where to read on', () => {
    for (const each of alerts) {
      expect(each.for, each.alert).toMatch(/^\d+[mh]$/);
      expect(each.labels['severity'], each.alert).toMatch(/^(?:critical|warning)$/);
      expect(Object.keys(each.annotations)).toEqual(['summary', 'description', 'runbook_url']);
    }
  });

  test('are each proved, both ways', () => {
    const { tests } = parse(file('alerts.test.yml') ?? '') as { tests: { name: string }[] };
    const titles = tests.map(each => each.name);
    for (const { alert } of alerts)
      expect(titles).toEqual(expect.arrayContaining([`${alert} fires`, `${alert} is silent`]));
  });

  test('name no metric that the family lacks', () => {
    const { family } = model.observability.metrics;
    const others = { ai: /\b(?:aixgo|gen_ai)_/, aixgo: /\b(?:ai|gen_ai)_\w/, gen_ai: /\b(?:ai|aixgo)_\w/ };
    const refused = typeof family === 'string' ? others[family] : /\b(?:ai|aixgo|gen_ai)_\w/;
    expect(file('alerts.yml')).not.toMatch(refused);
    expect(file('dashboard.json')).not.toMatch(refused);
  });
});

describe.each(cases)('the dashboard of $name', ({ file }) => {
  const dashboard = JSON.parse(file('dashboard.json') ?? '') as {
    uid: string;
    panels: {
      id: number;
      gridPos: { x: number; y: number; w: number; h: number };
      targets: { refId: string }[];
    }[];
  };

  test('has panels that do not lie upon each other', () => {
    expect(dashboard.uid).toMatch(/^[a-z0-9-]{1,40}$/);
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(places.length);
    for (const { gridPos, targets } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });
});

describe.each(cases.filter(({ file }) => file('otel-collector.yaml')))(
  'the collector of $name',
  ({ model, file }) => {
    const config = parse(file('otel-collector.yaml') ?? '') as {
      processors: object;
      exporters: object;
      service: {
        pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>;
      };
    };

    test('has pipelines of what it defines: memory first, batches last', () => {
      for (const { receivers, processors, exporters } of Object.values(config.service.pipelines)) {
        expect(receivers).toEqual(['otlp']);
        expect([processors.at(0), processors.at(-1)]).toEqual(['memory_limiter', 'batch']);
        for (const processor of processors) expect(config.processors).toHaveProperty([processor]);
        for (const exporter of exporters) expect(config.exporters).toHaveProperty([exporter]);
      }
    });

    test('keeps content from traces and logs unless it may pass', () => {
      const { traces, logs } = config.service.pipelines;
      const expected = { off: 'transform/content', redacted: 'redaction/content', full: undefined }[
        model.observability.content
      ];
      for (const pipeline of [traces, logs])
        expect(pipeline?.processors.slice(1, -1)).toEqual(expected ? [expected] : []);
    });
  },
);

test('a collector drops what carries prompts, and leaves the rest', () => {
  const statement =
    /delete_matching_keys\(attributes, \\"(.*?)\\"\)/.exec(named('full')('otel-collector.yaml') ?? '')?.[1] ??
    '';
  const pattern = new RegExp(statement.replaceAll('\\\\\\\\', '\\'));
  const dropped = [
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.system_instructions',
    'gen_ai.prompt.0.content',
    'gen_ai.completion.0.content',
    'gen_ai.tool.call.arguments',
    'input.value',
    'traceloop.entity.output',
  ];
  for (const key of dropped) expect(key).toMatch(pattern);
  for (const key of ['gen_ai.request.model', 'gen_ai.usage.input_tokens', 'http.route', 'gen_ai.response.id'])
    expect(key).not.toMatch(pattern);
});

test('a dollar sign in a collector’s value is no reference', () => {
  expect(named('gen-ai-and-cost')('otel-collector.yaml')).toContain('https://otlp.example.com/$$tenant');
});

test('tools on a host keep clear of the services’ ports', () => {
  const text = named('gen-ai-and-cost')('prometheus.yml') ?? '';
  expect(text).toContain('--web.listen-address=127.0.0.1:9091');
  expect(text).toContain('node_exporter --web.listen-address=127.0.0.1:9101');
  expect(text).toContain('--web.listen-address=127.0.0.1:9116');
});

test('a webhook is a file, and nobody is told where there is none', () => {
  expect(named('full')('alertmanager.yml')).toContain(
    'api_url_file: /etc/alertmanager/secrets/SLACK_WEBHOOK_URL',
  );
  expect(named('outside')('alertmanager.yml')).toContain('Nobody is told');
});

test.each([
  ['0 2 * * *', 24],
  ['*/30 * * * *', 24],
  ['0 2 * * 1-5', 7 * 24],
  ['0 2 1 * *', 31 * 24],
  ['0 2 * 6 *', 366 * 24],
])('backups by %s are at most %i hours apart', (schedule, hours) => {
  expect(oldestBackup(schedule)).toBe((hours + 2) * 3_600_000);
});
