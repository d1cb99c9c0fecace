/**
 * Runs on a Cloud Run that stands in, ended at a call of gcloud: killed, while their script lives on; interrupted;
 * without an answer. The next run finishes the work. A sample of all calls, and in the deep form each of them.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, expect, test, vi } from 'vitest';
import { project, ROOT } from '../cli/run.ts';
import {
  CONFIGURATION,
  chat,
  deploying,
  goingBack,
  left,
  place,
  prepared,
  record,
  shares,
  standing,
} from './cloudrun-project.ts';

vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 60_000 });

/** Of a deploy, and of a rollback. */
const CALLS = { deploy: 40, rollback: 12 };
const EVERY = process.env['AIDEPLOY_DEEP'] ? 1 : 13;

let driver = '';
beforeAll(async () => {
  driver = join(await project(), 'driver.mjs');
  await build({
    entryPoints: [join(ROOT, 'test/release/cloudrun-driver.ts')],
    outfile: driver,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
  });
});

/** What a call of gcloud, counted from now, brings about. */
function atCall(call: number, happens: () => void): void {
  let count = 0;
  place.watch(() => {
    count += 1;
    if (count === call) happens();
  });
}

type Action = 'deploy' | 'rollback';
const ENDS: Readonly<Record<string, (action: Action, call: number) => Promise<unknown>>> = {
  killed: (action, call) =>
    new Promise((resolve, reject) => {
      const words = action === 'deploy' ? [action, 'v2'] : [action];
      const child = spawn(process.execPath, [driver, place.folder, ...words], {
        env: { ...process.env, ...place.env },
        stdio: 'ignore',
      });
      atCall(call, () => child.kill('SIGKILL'));
      child.on('error', reject).on('exit', resolve);
    }),
  interrupted: async (action, call) => {
    const controller = new AbortController();
    atCall(call, () => controller.abort());
    const run = action === 'deploy' ? deploying('v2', [], controller.signal) : goingBack(controller.signal);
    await run.catch(() => undefined);
  },
  'without an answer': async (action, call) => {
    place.change(world => {
      world.fail = world.calls + call;
    });
    await (action === 'deploy' ? deploying('v2') : goingBack()).catch(() => undefined);
    place.change(world => {
      world.fail = null;
    });
  },
};

async function finished(action: Action): Promise<void> {
  expect(chat().traffic.reduce((all, { percent = 0 }) => all + percent, 0)).toBe(100);
  if (action === 'deploy') {
    expect(await deploying('v2')).toMatchObject({ outcome: 'verified' });
    expect(shares()).toEqual(['v2=100']);
    expect(await record()).toEqual(['v1 superseded', 'v2 verified']);
  }
  if ((await standing())?.current === 'v2') expect(await goingBack()).toMatchObject({ outcome: 'verified' });
  // A script that lives on moves nothing.
  await sleep(500);
  expect(shares()).toEqual(['v1=100']);
}

test.each<Action>(['deploy', 'rollback'])(
  'a %s that ends at any call is finished by the next',
  async action => {
    const table: string[] = [];
    for (const [how, end] of Object.entries(ENDS))
      for (let call = EVERY === 1 ? 1 : 2 + (table.length % 3); call <= CALLS[action]; call += EVERY) {
        await prepared();
        writeFileSync(join(place.folder, 'aideploy.yaml'), CONFIGURATION);
        await deploying('v1');
        if (action === 'rollback') await deploying('v2');
        await end(action, call);
        const why = await finished(action).then(
          () => undefined,
          (error: Error) => error.message.split('\n')[0],
        );
        table.push(`${action} ${how} at call ${call}: ${why === undefined ? 'survived' : `lost: ${why}`}`);
        await left();
      }
    const lost = table.filter(line => line.includes(': lost'));
    console.info(
      `${table.join('\n')}\nfaults tried ${table.length}, survived ${table.length - lost.length}, lost ${lost.length}`,
    );
    expect(lost).toEqual([]);
  },
);
