/** `aideploy verify` as a user runs it: the built program against servers of this process. */
import { spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { configuration, event, json, plain, stream } from '../verify/servers.ts';
import { aideploy, project, ROOT, read } from './run.ts';

const documentOf = (stdout: string) =>
  JSON.parse(stdout) as {
    version: number;
    target: string;
    verdict: string;
    interrupted: boolean;
    durationMs: number;
    startedAt: string;
    error?: { exitCode: number };
    probes: {
      id: string;
      name: string;
      status: string;
      attempts: number;
      durationMs: number;
      message: string;
      expected: string | null;
      observed: string | null;
    }[];
  };

test('an address alone is enough: exit 0, and one document', async () => {
  const url = await plain({});
  const { code, stdout, stderr } = await aideploy(['verify', '--url', url, '--format', 'json'], {
    cwd: await project(),
  });
  const document = documentOf(stdout);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(document).toMatchObject({ version: 1, target: `${url}/`, verdict: 'pass', interrupted: false });
  expect(document.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(document.probes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['endpoints', 'deep', 'latency', 'live', 'ready', 'stream/path', 'version']),
  );
  for (const probe of document.probes) {
    expect(Object.keys(probe)).toEqual(
      expect.arrayContaining([
        'id',
        'name',
        'status',
        'durationMs',
        'attempts',
        'message',
        'expected',
        'observed',
      ]),
    );
  }
});

test.each<[string, Parameters<typeof plain>[0], string[], number, string]>([
  ['a no is 1', { '/health/ready': json({ status: 'not ready' }, 503) }, [], 1, 'fail'],
  [
    'what cannot be told is 3',
    { '/health/ready': json({}, 429, { 'retry-after': '60' }) },
    [],
    3,
    'inconclusive',
  ],
  ['nothing that ran is 3', {}, ['--only', 'grpc'], 3, 'inconclusive'],
  ['a yes is 0', {}, ['--only', 'live'], 0, 'pass'],
])('%s', async (_, routes, flags, code, verdict) => {
  const cwd = await project({ 'aideploy.yaml': configuration() });
  const answer = await aideploy(['verify', '--url', await plain(routes), '--format', 'json', ...flags], {
    cwd,
  });
  expect(answer.code).toBe(code);
  expect(documentOf(answer.stdout).verdict).toBe(verdict);
});

test.each<[string, string[], RegExp]>([
  ['an address that is none', ['--url', 'chat.example.com'], /--url chat\.example\.com: an address such as/],
  ['a password in an address', ['--url', 'https://a:b@chat.example.com'], /use --token-from/],
  ['a probe that is none', ['--only', 'redy'], /no probe redy; did you mean ready\?/],
  [
    'a platform that is none',
    ['--url', 'http://127.0.0.1', '--platform', 'heroku'],
    /there are cloudrun, compose/,
  ],
  ['a time without a unit', ['--url', 'http://127.0.0.1:9', '--wait', '30'], /--wait 30: a duration/],
  [
    'a count that is none',
    ['--url', 'http://127.0.0.1:9', '--samples', 'many'],
    /--samples many: a whole number/,
  ],
  [
    'a variable that is not set',
    ['--url', 'http://127.0.0.1:9', '--token-from', 'NOT_SET'],
    /NOT_SET: this variable is not set/,
  ],
  [
    'a folder that is not there',
    ['--url', 'http://127.0.0.1:9', '--report', 'nowhere/report.html'],
    /there is no folder/,
  ],
  ['no configuration and no address', [], /aideploy\.yaml: no such file/],
])('%s is a wrong question: exit 2', async (_, args, message) => {
  const { code, stderr } = await aideploy(['verify', ...args], { cwd: await project() });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('the token is sent, and shown nowhere, also where a server sends it back', async () => {
  const seen: (string | undefined)[] = [];
  const url = await plain({
    '/health/live': (request, response) => {
      seen.push(request.headers.authorization);
      json(
        { status: `unhealthy for ${request.headers.authorization}`, error: request.headers.authorization },
        500,
      )(request, response);
    },
  });
  for (const format of ['text', 'json', 'junit', 'github', 'prometheus']) {
    const cwd = await project({ 'aideploy.yaml': configuration() });
    const args = [
      'verify',
      '--url',
      url,
      '--only',
      'live',
      '--token-from',
      'TOKEN',
      '--format',
      format,
      '--report',
      'page.html',
    ];
    const { code, stdout, stderr } = await aideploy(args, { cwd, env: { TOKEN: 'top-s3cret' } });
    expect(code).toBe(1);
    expect(stdout + stderr + (await read(cwd, 'page.html'))).not.toContain('s3cret');
  }
  expect(seen).toEqual(Array.from({ length: 5 }, () => 'Bearer top-s3cret'));
});

test('--wait asks until it passes', async () => {
  let asked = 0;
  const url = await plain({
    '/health/ready': (request, response) =>
      (++asked > 2 ? json({ status: 'ready' }) : json({ status: 'starting' }, 503))(request, response),
  });
  const cwd = await project({ 'aideploy.yaml': configuration([], ['verify: {interval: 200ms}']) });
  const { code, stdout } = await aideploy(
    ['verify', '--url', url, '--wait', '30s', '--format', 'json', '--only', 'ready,latency'],
    { cwd },
  );
  const { probes } = documentOf(stdout);
  expect(code).toBe(0);
  expect(probes.find(({ id }) => id === 'ready/api')?.attempts).toBeGreaterThan(2);
  // It began when the service was ready.
  expect(probes.find(({ id }) => id === 'latency/api')).toMatchObject({ status: 'pass', attempts: 1 });
});

/** Runs it until `enough` of stdout is there, and interrupts it as Ctrl-C does. */
async function interrupted(
  args: readonly string[],
  cwd: string,
  enough: (stdout: string, stderr: string) => boolean,
) {
  const child = spawn(process.execPath, [join(ROOT, 'bin/aideploy.js'), ...args], { cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  const closed = new Promise<number | null>(resolve => child.once('close', resolve));
  for (let i = 0; i < 2_400 && !enough(stdout, stderr); i++) await sleep(25);
  const since = performance.now();
  child.kill('SIGINT');
  const code = await closed;
  return { code, stdout, took: performance.now() - since };
}

test('interrupted, it says what it saw: exit 130', async () => {
  const url = await plain({ '/api/chat/stream': stream([event('a'), 20_000], 'open') });
  const cwd = await project({
    'aideploy.yaml': configuration()
      .replace('within: 2s}\n', 'within: 2s}\n')
      .replace('end: "[DONE]"}}, within: 2s', 'end: "[DONE]"}}, within: 30s'),
  });
  const { code, stdout, took } = await interrupted(
    ['verify', '--url', url, '--only', 'live,stream', '--output', 'report.txt'],
    cwd,
    (_, stderr) => stderr.includes('live/api'),
  );
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(took).toBeLessThan(10_000);
  const report = await read(cwd, 'report.txt');
  expect(report).toMatch(/pass +live\/api/);
  expect(report).toMatch(/error +stream\/stream +Interrupted/);
  expect(report).toMatch(/interrupted/);
});

test('--watch verifies again and again, and pays for nothing', async () => {
  let paid = 0;
  const url = await plain({
    'POST /api/chat': (request, response) => {
      paid++;
      json({ reply: 'hi' })(request, response);
    },
  });
  const cwd = await project({
    'aideploy.yaml': configuration().replace('within: 2s}', 'within: 2s, paid: true}'),
  });
  const rounds = (stdout: string) => stdout.split('It works.').length - 1;
  const { code, stdout } = await interrupted(
    ['verify', '--url', url, '--only', 'live,smoke', '--watch', '100ms', '--quiet'],
    cwd,
    seen => rounds(seen) >= 3,
  );
  expect(code).toBe(130);
  expect(rounds(stdout)).toBeGreaterThanOrEqual(3);
  expect(stdout).toMatch(/skip +smoke\/chat +it costs money/);
  expect(paid).toBe(0);
});

test('--list-probes names them, and asks nobody', async () => {
  const { code, stdout } = await aideploy(['verify', '--list-probes', '--format', 'json'], {
    cwd: await project(),
  });
  const { probes } = JSON.parse(stdout) as { probes: { id: string; title: string }[] };
  expect(code).toBe(0);
  expect(probes.length).toBeGreaterThan(20);
  expect(probes.map(({ id }) => id)).toEqual(expect.arrayContaining(['live', 'ready', 'stream', 'tls']));
});

test('a report for a pipeline, a dashboard and a page', async () => {
  const cwd = await project({ 'aideploy.yaml': configuration() });
  const url = await plain({ '/health/live': json({ status: 'unhealthy' }) });
  const of = (format: string, more: string[] = []) =>
    aideploy(['verify', '--url', url, '--only', 'live,ready', '--format', format, ...more], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') },
    });
  expect((await of('junit')).stdout).toMatch(/<testsuite[\s\S]*<failure/);
  expect((await of('prometheus')).stdout).toMatch(/^aideploy_\w+\{/m);
  expect((await of('github')).stdout).toMatch(/^::error title=live\/api/m);
  expect(await read(cwd, 'summary.md')).toMatch(/live/);
  const text = await of('text', ['--report', 'page.html']);
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/fail +live\/api[\s\S]*next/);
  expect(await read(cwd, 'page.html')).toMatch(/^<!doctype html>/);
});

test('Cloud Run says where it serves, and lets in who is logged in', async () => {
  const seen = new Set<string | undefined>();
  const url = await plain({
    '/health/live': (request, response) => {
      seen.add(request.headers.authorization);
      json({ status: 'healthy' })(request, response);
    },
  });
  // gcloud, as far as it is asked here: people may not name an audience.
  const gcloud = `#!/bin/sh
case "$*" in
  *print-identity-token*audiences*) exit 1 ;;
  *print-identity-token*) echo id-t0ken ;;
  *'services describe chat '*) echo '{"metadata":{},"spec":{"template":{"spec":{"containers":[]}}},"status":{"url":"${url}"}}' ;;
  *) exit 1 ;;
esac
`;
  const targets = 'targets: {cloudrun: {project: my-project, region: us-central1}}';
  const cwd = await project({ 'aideploy.yaml': configuration([], [targets]), 'bin/gcloud': gcloud });
  await chmod(join(cwd, 'bin/gcloud'), 0o755);
  const env = { PATH: `${join(cwd, 'bin')}:${process.env['PATH']}` };
  const args = ['verify', '--platform', 'cloudrun', '--only', 'live', '--format', 'json'];
  const { code, stdout } = await aideploy(args, { cwd, env });
  expect({ code, verdict: documentOf(stdout).verdict }).toEqual({ code: 0, verdict: 'pass' });
  expect(stdout).not.toContain('t0ken');
  expect([...seen]).toEqual(['Bearer id-t0ken']);
});
