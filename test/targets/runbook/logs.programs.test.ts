import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { logsView } from '../../../src/targets/runbook/logs/index.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';

interface View {
  readonly named: boolean;
  readonly filters: string[];
  readonly read: { title: string; lines: string }[];
  readonly cloudrun: string[];
  readonly windows: string[];
}

const TARGETS = `targets:
  systemd: {}
  compose: {}
  kubernetes: {}
  windows: {dir: 'C:\\Chat'}
  cloudrun: {project: acme-1, region: us-central1}
`;

const viewOf = (fields?: string): View =>
  logsView(
    modelOf(minimal(`${TARGETS}${fields ? `observability: {logs: {fields: ${fields}}}\n` : ''}`)),
  ) as View;

/** What a question shows of a log: the first word of each line, or the number of the line. */
function asked(view: View, question: string, log: readonly string[]): number[] {
  const { stdout, stderr } = spawnSync('bash', ['-c', `${view.filters.join('\n')}\n${question}`], {
    input: `${log.join('\n')}\n`,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const shown = stdout.split('\n').filter(line => line && line !== '--');
  return shown.map(line => log.findIndex(each => each === line || same(each, line)));
}

const same = (a: string, b: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(a)) === b;
  } catch {
    return false;
  }
};

/** As general-purpose-chatbot writes it. */
const GO = [
  '{"level":"INFO","message":"HTTP request completed","correlation_id":"550e8400","http_status":200,"duration":"2.5s"}',
  '{"level":"INFO","message":"HTTP request completed","correlation_id":"660e8400","http_status":502,"duration":"1m2.5s"}',
  '{"level":"WARN","message":"anthropic api call failed, retrying","correlation_id":"660e8400","attempt":2}',
  '{"level":"ERROR","message":"anthropic api call failed","correlation_id":"660e8400"}',
  '{"level":"WARN","message":"circuit breaker open"}',
  '{"level":"INFO","message":"HTTP request completed","correlation_id":"770e8400","http_status":200,"duration":"150ms"}',
  'panic: runtime error: index out of range [3]',
  'goroutine 1 [running]:',
  '[1, 2]',
];
const GO_FIELDS = '{id: correlation_id, status: http_status, duration: duration, durationUnit: text}';

/** As pino writes it: levels are numbers, names lead into objects, times are milliseconds. */
const NODE = [
  '{"level":30,"msg":"done","req":{"id":7},"res":{"statusCode":200},"responseTime":2999}',
  '{"level":30,"msg":"done","req":{"id":8},"res":{"statusCode":503},"responseTime":3001}',
  '{"level":50,"msg":"no model","req":{"id":8}}',
  '{"level":30,"msg":"what others call so","req":"GET /","res":"200"}',
  '{"level":60,"msg":"bye"}',
];
const NODE_FIELDS =
  '{message: msg, id: req.id, status: res.statusCode, duration: responseTime, durationUnit: ms}';

const PYTHON = [
  'INFO:     127.0.0.1 - "POST /api/chat HTTP/1.1" 200 OK',
  'ERROR:root:model failed request=abc.1',
  'Traceback (most recent call last):',
  '  File "main.py", line 3, in chat',
  'WARNING:llm:retrying in 2 s request=abc.1',
  'INFO:root:retrieval of 3 documents, errorless request=abcx1',
];

describe('a log is asked', () => {
  const go = viewOf(GO_FIELDS);
  const node = viewOf(NODE_FIELDS);
  const text = viewOf();
  test.each<[string, View, string, readonly string[], number[]]>([
    ['failures of Go', go, 'errors', GO, [1, 3]],
    ['successes of Go', go, 'answered', GO, [0, 5]],
    ['one request of Go', go, 'request 660e8400', GO, [1, 2, 3]],
    ['slow requests of Go', go, 'slow', GO, [1]],
    ['calls of Go', go, 'calls', GO, [2, 4]],
    ['crashes of Go', go, 'crashes', GO, [6, 7, 8]],
    ['failures of Node', node, 'errors', NODE, [1, 2, 4]],
    ['successes of Node', node, 'answered', NODE, [0]],
    ['one request of Node', node, 'request 8', NODE, [1, 2]],
    ['slow requests of Node', node, 'slow', NODE, [1]],
    ['failures of Python', text, 'errors', PYTHON, [1, 2]],
    ['one request of Python', text, 'request abc.1', PYTHON, [1, 4]],
    ['calls of Python', text, 'calls', PYTHON, [4]],
    ['crashes of Python', text, 'crashes', PYTHON, [2, 3, 4, 5]],
  ])('%s', (_, view, question, log, expected) => {
    expect(asked(view, question, log)).toEqual(expected);
  });

  test('what cannot be known is not asked', () => {
    expect(text.named).toBe(false);
    expect(text.filters.join()).not.toMatch(/\b(slow|answered)\(/);
  });
});

test('every platform has its lines of the last hour, and those with a language of their own their questions', () => {
  const { read, cloudrun, windows } = viewOf(GO_FIELDS);
  expect(read.map(({ lines }) => lines)).toEqual([
    'lines() { journalctl --no-pager --output cat --since -1h -u chat.service; }',
    'lines() { docker compose -f compose.prod.yaml logs --since 1h --no-log-prefix --no-color api; }',
    'lines() { kubectl --namespace chat logs --selector app.kubernetes.io/name=chat --all-containers --since 1h --tail -1; }',
  ]);
  const whose = 'resource.type="cloud_run_revision" AND resource.labels.service_name=("chat") AND ';
  const filters = cloudrun.map(line => /'([^']*)'/.exec(line)?.[1]);
  expect(filters).toContain(
    `${whose}(severity>=ERROR OR httpRequest.status>=500 OR jsonPayload.level=~"(?i)^(err|fatal|crit|panic|alert|emerg|[5-9]0$)")`,
  );
  expect(filters).toContain(`${whose}jsonPayload.correlation_id="<its id>"`);
  expect(filters).toContain(`${whose}httpRequest.latency>="3s"`);
  expect(windows).toContain(
    `powershell -NoProfile -Command "Get-Content -Tail 20000 -LiteralPath 'C:\\Chat\\logs\\chat.log' | ForEach-Object { try { ConvertFrom-Json $_ } catch { } } | Where-Object { $_.level -match '^(err|fatal|crit|panic|alert|emerg|[5-9]0$)' -or [int]$_.http_status -ge 500 }"`,
  );
});

test('a project that runs nowhere has no log to ask', () => {
  expect(logsView(modelOf(minimal('targets: {docker: {}}\n')))).toBeUndefined();
});
