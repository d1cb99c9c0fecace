/** A command says and writes the same in the process that lasts as in one of its own, whatever was run there before. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles } from '../workspace/project.ts';
import { lastingly, OF_FILES } from './lasting.ts';
import { apart, projectFrom } from './run.ts';

/** In this order, in one project: the arguments, and variables that no other command has. */
const ORDERS: readonly (readonly [args: string, env?: NodeJS.ProcessEnv])[] = [
  ['render'],
  ['init --yes', { FORCE_COLOR: '1' }],
  ['render', { FORCE_COLOR: '1' }],
  ['render --dry-run --format json --output plan.json'],
  ['render dockr --format json'],
  ['render --tag v1.2.3 --verbose', { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' }],
  ['check', { FORCE_COLOR: '1' }],
  ['check src --format sarif'],
  ['check nowhere', { NO_COLOR: '' }],
  ['explain cross/stop-cuts-drain'],
  ['schema'],
  ['completion --names environments'],
  ['render --dry-run'],
];

test('every command that may share it is among them', () => {
  expect([...new Set(ORDERS.map(([args]) => args.split(' ')[0]))].sort()).toEqual(OF_FILES);
});

async function played(run: typeof lastingly) {
  const folder = await projectFrom('templates/demo');
  const name = new RegExp(`${folder}|${basename(folder)}`, 'g');
  const answers: unknown[] = [];
  for (const [args, env] of ORDERS) {
    const answer = await run({ args: args.split(' '), cwd: folder, env: { ...process.env, ...env } });
    answers.push([args, JSON.parse(JSON.stringify(answer).replaceAll(name, 'chat'))]);
  }
  const files = (await listFiles(folder)).map(async path => [
    path,
    await readFile(join(folder, path), 'utf8'),
  ]);
  return { answers, files: await Promise.all(files) };
}

test('both answer the same, and leave the same files', async () => {
  const [own, shared] = await Promise.all([played(order => apart(order)), played(lastingly)]);
  expect(shared).toEqual(own);
  expect(own.files.length).toBeGreaterThan(10);
});

test('what ends the process is an error, and the next has another', async () => {
  const order = { args: ['schema'], cwd: '.', env: process.env };
  await expect(lastingly({ ...order, cwd: '/nowhere' })).rejects.toThrow(
    /schema ended the process[\s\S]*ENOENT/,
  );
  expect((await lastingly(order)).code).toBe(0);
});
