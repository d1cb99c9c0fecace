/** The program of fixtures/windows as tests install it, and how they wait for it. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { windows } from '../../src/targets/windows/index.ts';
import type { Ran } from './wine.ts';

export const FILE = fileURLToPath(new URL('fixtures/windows/agent/aideploy.yaml', import.meta.url));
const engine = await createEngine();

/** Where it is installed, and where it answers. */
export const DIR = "C:\\Program Files & more (x86)\\It's";
export const URL_OF = 'http://127.0.0.1:18483';

export const render = (change: (text: string) => string = text => text) =>
  windows.render(buildModel(loadConfig(FILE, Buffer.from(change(readFileSync(FILE, 'utf8'))))), engine);

export const answer = async () => (await fetch(`${URL_OF}/ready`)).text();

export const until = async (check: () => Promise<boolean> | boolean, seconds: number) => {
  for (let i = 0; i < seconds * 4; i++) {
    if (await check()) return true;
    await sleep(250);
  }
  return false;
};

export const ends = (ran: Ran, code: number, text: string) =>
  expect(ran).toMatchObject({ code, output: expect.stringContaining(text) });
