/** Programs that run on: known by their beginning, on machines that have no ps too. */
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { command } from '../../../src/exec/command.ts';
import { lastWords, running, start, stop } from '../../../src/platforms/process/children.ts';
import { project } from '../../cli/run.ts';

afterEach(() => vi.unstubAllEnvs());

const waiting = command(process.execPath, '-e', 'console.log("up"); setTimeout(() => {}, 60_000)');

/** What a slim image has: no ps. */
async function slim(): Promise<string> {
  const folder = await project();
  for (const name of ['sh', 'nohup', 'mv', 'tail'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
  return folder;
}

test.skipIf(process.platform !== 'linux')('is started, known and ended where there is no ps', async () => {
  const place = { folder: await project(), name: 'chat' };
  vi.stubEnv('PATH', await slim());
  expect((await start(place, waiting, 'v1')).obstacle).toBeUndefined();
  expect(await running(place)).toMatchObject({ pid: expect.any(Number), label: 'v1' });
  await expect.poll(() => lastWords(place)).toBe('up\n');
  await stop(place, 5_000);
  expect(await running(place)).toBeUndefined();
});

test('another program that has its number by now is not taken for it', async () => {
  const place = { folder: await project(), name: 'chat' };
  writeFileSync(join(place.folder, 'chat.pid'), `${process.pid}\nlong ago\nv1\n`);
  expect(await running(place)).toBeUndefined();
});
