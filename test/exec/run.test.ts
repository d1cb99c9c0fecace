import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Command } from '../../src/exec/command.ts';
import { findProgram, run } from '../../src/exec/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'aideploy-exec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (script: string, ...args: string[]): Command => ({
  program: process.execPath,
  args: ['-e', script, ...args],
});

function script(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
}

test('a program that succeeds says so, with both outputs', async () => {
  const outcome = await run(node('console.log("out"); console.error("err")'));
  expect(outcome).toMatchObject({
    status: 'ok',
    exitCode: 0,
    stdout: 'out\n',
    stderr: 'err\n',
    truncated: false,
  });
});

test('arguments, environment, folder and input arrive byte for byte, and no shell reads them', async () => {
  const awkward = ['$HOME', '`id`', "it's", '"two"', 'a  b', '*', '', '; false', '\n', '–ü'];
  const report =
    'console.log(JSON.stringify({args: process.argv.slice(1), env: process.env.X, cwd: process.cwd(), stdin: require("fs").readFileSync(0, "utf8")}))';
  const outcome = await run({
    ...node(report, ...awkward),
    env: { X: '$Y "z"' },
    cwd: folder,
    stdin: 'fed\n',
  });
  const seen = JSON.parse(outcome.stdout);
  expect(seen).toMatchObject({ args: awkward, env: '$Y "z"', stdin: 'fed\n' });
  expect(seen.cwd.endsWith(folder.split('/').at(-1))).toBe(true);
});

test('without input a program that reads finds its end at once', async () => {
  expect((await run(node('process.stdin.on("end", () => console.log("end")).resume()'))).stdout).toBe(
    'end\n',
  );
});

test.each<[string, Command, string, RegExp]>([
  ['no such program', { program: 'aideploy-no-such-program', args: [] }, 'missing', /no such program/],
  ['an exit code', node('process.exit(7)'), 'failed', /exit code 7/],
  ['a signal', node('process.kill(process.pid, "SIGKILL")'), 'killed', /SIGKILL/],
  ['no such folder', { ...node('0'), cwd: join(folder, 'nowhere') }, 'unusable', /no folder/],
  [
    'a file that may not be executed',
    { program: script('plain', '#!/bin/sh\n', 0o644), args: [] },
    'unusable',
    /may not be executed/,
  ],
  [
    'an interpreter that is not there',
    { program: script('lost', '#!/nowhere/sh\n'), args: [] },
    'missing',
    /no such/,
  ],
  ['an argument that holds a NUL', node('0', 'a\0b'), 'unusable', /could not be run/],
])('%s has an outcome of its own', async (_, command, status, message) => {
  const outcome = await run(command);
  expect(outcome.status).toBe(status);
  expect(outcome.message).toMatch(message);
});

test('a program that hangs is stopped, also when its child holds the pipes', async () => {
  const hanging = script('hanging', '#!/bin/sh\necho begun\nsleep 20\necho never\n');
  const outcome = await run({ program: hanging, args: [] }, { timeout: 2_000 });
  expect(outcome).toMatchObject({ status: 'timeout', stdout: 'begun\n' });
  expect(outcome.durationMs).toBeLessThan(15_000);
});

test('a program that ignores SIGTERM is killed', async () => {
  const deaf = node('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
  const outcome = await run(deaf, { timeout: 500 });
  expect(outcome.status).toBe('timeout');
  expect(outcome.durationMs).toBeLessThan(30_000);
});

test('a program that leaves a child behind is not waited for', async () => {
  const leaving = script('leaving', '#!/bin/sh\nsleep 20 &\necho done\n');
  const outcome = await run({ program: leaving, args: [] }, { timeout: 18_000 });
  expect(outcome).toMatchObject({ status: 'ok', stdout: 'done\n' });
  expect(outcome.durationMs).toBeLessThan(15_000);
});

test('a cancelled command says that it was cancelled', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  expect((await run(node('setInterval(() => {}, 1000)'), { signal: stop.signal })).status).toBe('cancelled');
  expect((await run(node('0'), { signal: AbortSignal.abort() })).status).toBe('cancelled');
});

test('output is bounded: its beginning, its end, and how much is missing', async () => {
  const outcome = await run(node('process.stdout.write("a".repeat(5e6) + "z".repeat(5e6))'), {
    output: 1_000,
  });
  expect(outcome.truncated).toBe(true);
  expect(outcome.stdout).toBe(`${'a'.repeat(500)}\n[9999000 bytes left out]\n${'z'.repeat(500)}`);
});

test('output at its bound is whole', async () => {
  const outcome = await run(node('process.stdout.write("abcdefghij")'), { output: 10 });
  expect(outcome).toMatchObject({ stdout: 'abcdefghij', truncated: false });
});

test('no message repeats a secret', async () => {
  const outcome = await run({ program: '/no/hunter2/program', args: [], secrets: ['hunter2'] });
  expect(outcome.message).not.toContain('hunter2');
});

test('a program is found without being run', async () => {
  expect(await findProgram('sh')).toMatch(/\/sh$/);
  expect(await findProgram('aideploy-no-such-program')).toBeUndefined();
  script('here', '#!/bin/sh\n');
  expect(await findProgram('./here', folder)).toBe(join(folder, 'here'));
  expect(await findProgram('./plain', folder)).toBeUndefined();
});
