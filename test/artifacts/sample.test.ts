import { expect, test } from 'vitest';
import { recognise } from '../../src/artifacts/recognise.ts';

const kindsOf = async (path: string, content: string) =>
  (await recognise([{ path, content, lossy: false, mode: 0o644 }])).documents.flatMap(document =>
    document.kind === 'sample'
      ? document.body.map(each => [each.what, document.text.file, each.root.text.place(each.root.start).line])
      : document.kind === 'markdown'
        ? []
        : [document.kind],
  );

test.each([
  ['logs.json', '{"level":"info","msg":"a"}\n\n{"level":"error","msg":"b"}\n', [1, 3], 'log'],
  ['docs/sample.log', '{"severity":"INFO","message":"a"}', [1], 'log'],
  ['health.json', '{\n  "status": "ok"\n}\n', [1], 'health'],
  ['answer.json', '{"status":"healthy","checks":{"database":"ok"}}', [1], 'health'],
  ['health.json', '{"status": "ok", ...}', [1], 'health'],
  ['guide.md', 'It answers:\n\n```json\n{"status": "ready", "checks": {"llm": "ok"}}\n```\n', [4], 'health'],
] as const)('%s is a sample', async (path, content, lines, what) => {
  expect(await kindsOf(path, content)).toEqual(lines.map(line => [what, path, line]));
});

test.each([
  ['dashboard-logs.json', '{"title":"Logs","panels":[{"type":"logs"}]}'],
  ['order.json', '{"status":"ok","id":7}'],
  ['health.json', '{"status": "ok", "checks": '],
  ['health.json', '{"$schema":"x","status":"ok"}'],
])('%s is none: %s', async (path, content) => {
  expect(await kindsOf(path, content)).toEqual([]);
});

test('a manifest in JSON stays one, whatever its name', async () => {
  const content =
    '{\n"apiVersion": "v1",\n"kind": "ConfigMap",\n"metadata": {"name": "log"},\n"data": {"level": "info", "msg": "x"}\n}';
  expect(await kindsOf('log.json', content)).toEqual(['kubernetes']);
});
