import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { aideploy } from '../../cli/run.ts';
import { sample } from './project.ts';

// Most of a deployment is waiting, and each has a folder and a port of its own.
describe.concurrent('a plain process', () => {
  test('v1, v2, and back to v1 with all that was of it', async context => {
    const chat = await sample(context);
    const first = await chat.deploy('1.0.0');
    expect(first).toMatchObject({ code: 0, stdout: '1.0.0 runs, and was seen to work\n' });
    await chat.change('You said', 'You wrote');
    expect((await chat.deploy('2.0.0', '--format', 'json')).stdout).toMatch(/"outcome": "verified"/);
    expect(await chat.version()).toBe('2.0.0');
    const back = await chat.rollback();
    expect(back.code).toBe(0);
    expect(back.stderr).toContain('not reverted:');
    expect(await chat.version()).toBe('1.0.0');
    const reply = await fetch(`http://127.0.0.1:${chat.port}/api/chat`, {
      method: 'POST',
      body: '{"message":"Hi"}',
    });
    expect(await reply.json()).toEqual({ reply: 'You said: Hi' });
    expect(await chat.record()).toEqual({
      statuses: ['1.0.0 verified', '2.0.0 superseded'],
      current: '1.0.0',
    });
    // Beside two releases what keeps them from commits.
    expect(await readdir(join(chat.folder, '.aideploy/releases'))).toHaveLength(3);
    expect(await readFile(join(chat.folder, '.aideploy/releases/.gitignore'), 'utf8')).toBe('*\n');
  });

  const BROKEN: readonly [what: string, from: string | RegExp, to: string, cause: RegExp][] = [
    [
      'crashes at its start',
      'const server =',
      "throw new Error('no such model');\nconst server =",
      /^sample-chat ended at its start: Error: no such model$/,
    ],
    [
      'is never ready',
      'draining ? 503 : 200',
      '503',
      /^sample-chat was not ready within 8 s: .*\/health\/ready: 503$/,
    ],
    [
      'is ready and does not work',
      'return json(response, 200, { reply',
      'return json(response, 500, { reply',
      /^smoke\/chat: .*500/,
    ],
    ['is slow', 'await sleep(20)', 'await sleep(8000)', /^smoke\/chat: .*5/],
    ['says another version', "process.env.APP_VERSION ?? 'dev'", "'1.0.0'", /^version\/api: .*1\.0\.0/],
  ];

  test.for(BROKEN)(
    'one that %s is taken back, and its cause is the first line',
    async ([, from, to, cause], context) => {
      const chat = await sample(context);
      await chat.deploy('1.0.0');
      await chat.change(from, to);
      // What is waited for in vain is waited for shortly; the way back has no longer for the same.
      if (cause.source.includes('was not ready'))
        await chat.change('startup: 60s', 'startup: 8s', 'aideploy.yaml');
      const isLeftToVerify = !cause.source.startsWith('^sample-chat');
      const { code, stdout } = await chat.deploy('2.0.0', ...(isLeftToVerify ? ['--wait', '8s'] : []));
      const [first = '', second] = stdout.split('\n');
      expect(first).toMatch(cause);
      expect([code, second]).toEqual([1, '2.0.0 failed and was taken back; what ran before runs again']);
      expect(await chat.version()).toBe('1.0.0');
      expect(await chat.record()).toEqual({ statuses: ['1.0.0 verified', '2.0.0 failed'], current: '1.0.0' });
    },
  );

  test('what a service sends back of a secret is neither told nor recorded', async context => {
    vi.stubEnv('SMOKE_TOKEN', 'of-nobody-elses-business');
    const chat = await sample(context);
    await chat.change('path: /api/chat,', "$& headers: {X-Key: '${secret.SMOKE_TOKEN}'},", 'aideploy.yaml');
    await chat.change(
      'return json(response, 200, { reply',
      "return json(response, 500, { no: request.headers['x-key'], reply",
    );
    const { code, stdout, stderr } = await chat.deploy('1.0.0', '--wait', '2s');
    vi.unstubAllEnvs();
    const history = await readFile(join(chat.folder, '.aideploy/process/history.jsonl'), 'utf8');
    expect([code, stdout]).toEqual([1, expect.stringContaining('"no":"***"')]);
    expect(`${stdout}${stderr}${history}`).not.toContain('of-nobody-elses-business');
  });

  test('what answers on its port already is not taken for it', async context => {
    const chat = await sample(context);
    const stranger = createServer((_, response) => response.end('{"status":"ready"}'));
    context.onTestFinished(() => void stranger.close());
    await new Promise<void>(listening => stranger.listen(chat.port, '127.0.0.1', listening));
    const { code, stdout, stderr } = await chat.deploy('1.0.0');
    expect([code, `${stdout}${stderr}`]).toEqual([
      3,
      expect.stringContaining(`something else listens on 127.0.0.1:${chat.port}`),
    ]);
    expect((await chat.record()).current).toBeUndefined();
  });

  test('the steps can be seen before, and nothing is done', async context => {
    const chat = await sample(context);
    await chat.deploy('1.0.0');
    const { stdout, code } = await chat.deploy('2.0.0', '--dry-run', '--format', 'json');
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({
      version: 1,
      platform: 'process',
      current: '1.0.0',
      target: '2.0.0',
      notReverted: [],
    });
    expect(plan.steps[1]).toEqual({
      title: 'start sample-chat of 2.0.0',
      command: expect.stringMatching(/src\/server\.js$/),
    });
    expect([code, await chat.version()]).toEqual([0, '1.0.0']);
    expect((await chat.record()).statuses).toEqual(['1.0.0 verified']);
  });

  test('a record that is torn is told, and left out', async context => {
    const chat = await sample(context);
    await chat.deploy('1.0.0');
    await chat.deploy('2.0.0');
    const torn = join(chat.folder, '.aideploy/process/1.0.0/release.json');
    await writeFile(torn, (await readFile(torn, 'utf8')).slice(0, 40));
    const note = 'the record of 1.0.0 is torn: it is left out';
    const asked = (...args: string[]) => aideploy(args, { cwd: chat.folder });
    const shown = await asked('releases', '--platform', 'process', '--format', 'json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ releases: [{ id: '2.0.0' }], notes: [note] });
    expect(shown.stderr).toBe('');
    expect((await asked('rollback', 'process', '--list')).stderr).toContain(note);
    expect((await chat.deploy('3.0.0', '--dry-run')).stderr).toContain(note);
  });

  test('two operators at once: one waits for the other, or is told who is at work', async context => {
    const chat = await sample(context);
    const both = await Promise.all([chat.deploy('1.0.0'), chat.deploy('2.0.0')]);
    const [first, second] = both.toSorted((a, b) => (a.code ?? 0) - (b.code ?? 0));
    expect(first?.code).toBe(0);
    if (second?.code !== 0)
      expect(second).toMatchObject({ code: 3, stderr: expect.stringMatching(/ is at work there: .*unlock/) });
    const { current, statuses } = await chat.record();
    expect(statuses.filter(each => each.endsWith(' verified'))).toEqual([`${current} verified`]);
    expect(await chat.version()).toBe(current);
  });
});

/** Lines that a deploy says; it is killed right after it said one. */
const DEPLOYING = [
  '5. record',
  'ok record 2.0.0 in',
  'ok start sample-chat of 2.0.0',
  'ok wait until sample-chat is ready',
  'asking every probe',
  'ok verify 2.0.0',
];
const RETURNING = ['no verify 2.0.0', 'back to 1.0.0', 'ok start sample-chat of 1.0.0', 'ok verify 1.0.0'];
const ROLLING = ['4. record', 'ok start sample-chat of 1.0.0', 'ok wait until', 'ok verify 1.0.0'];

const deep = process.env['AIDEPLOY_DEEP'] === '1';
const some = <Item>(items: readonly Item[], ...chosen: number[]) =>
  deep ? items : items.filter((_, index) => chosen.includes(index));

describe.concurrent('killed in the middle, and run again', () => {
  test.for(some(DEPLOYING, 2, 4))('deploy, at "%s"', async (line, context) => {
    const chat = await sample(context);
    await chat.deploy('1.0.0');
    await chat.change('You said', 'You wrote');
    const args = ['deploy', 'process', '--tag', '2.0.0'];
    expect(await chat.killedAt(line, ...args)).toBe(true);
    // Whichever it is: it answers, and the record says what is true of it.
    // The test's own: where several run at once, poll of all knows none when one of them has ended.
    await context.expect.poll(chat.version, { timeout: 60_000 }).toBeDefined();
    const { current, statuses } = await chat.record();
    expect(await chat.version()).toBe(current);
    expect(statuses).toContain('1.0.0 verified');
    expect((await chat.deploy('2.0.0')).code).toBe(0);
    expect(await chat.record()).toEqual({
      statuses: ['1.0.0 superseded', '2.0.0 verified'],
      current: '2.0.0',
    });
  });

  test.for(some(RETURNING, 1))('its way back, at "%s"', async (line, context) => {
    const chat = await sample(context);
    await chat.deploy('1.0.0');
    await chat.change('return json(response, 200, { reply', 'return json(response, 500, { reply');
    expect(await chat.killedAt(line, 'deploy', 'process', '--tag', '2.0.0', '--wait', '1s')).toBe(true);
    expect((await chat.rollback('--to', '1.0.0')).code).toBe(0);
    expect(await chat.version()).toBe('1.0.0');
    expect((await chat.record()).current).toBe('1.0.0');
  });

  test.for(some(ROLLING, 1))('rollback, at "%s"', async (line, context) => {
    const chat = await sample(context);
    await chat.deploy('1.0.0');
    await chat.change('You said', 'You wrote');
    await chat.deploy('2.0.0');
    expect(await chat.killedAt(line, 'rollback', 'process', '--to', '1.0.0')).toBe(true);
    expect((await chat.rollback('--to', '1.0.0')).code).toBe(0);
    expect(await chat.record()).toEqual({
      statuses: ['1.0.0 verified', '2.0.0 superseded'],
      current: '1.0.0',
    });
  });
});
