// The worker and the job: programs without a port.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goBinaries } from './launch.ts';
import {
  cleanUp,
  folder,
  type Program,
  pythonEnvironment,
  start,
  temporaryFolder,
  until,
} from './programs.ts';

beforeAll(() => Promise.all([goBinaries(), pythonEnvironment()]), 600_000);
afterAll(cleanUp);

describe.each([
  { name: 'Go', program: async (name: string) => ({ command: [join(await goBinaries(), name)] }) },
  {
    name: 'Python',
    program: async (name: string) => ({
      command: [join(await pythonEnvironment(), 'python'), '-m', `app.${name}`],
      cwd: folder('python'),
    }),
  },
])('$name without a port', ({ program }) => {
  async function startProgram(name: string, env: Record<string, string>): Promise<Program> {
    const { command, ...options } = await program(name);
    return start(command, { ...options, env });
  }
  const says = (worker: Program, msg: string) => worker.logs().filter(line => line['msg'] === msg);

  it('worker: empties a queue, and finishes its item on SIGTERM', async () => {
    const queue = await temporaryFolder('aideploy-queue-');
    for (const item of ['a', 'b', 'c']) await writeFile(join(queue, `${item}.json`), '{}');
    const worker = await startProgram('worker', {
      QUEUE_DIR: queue,
      ITEM_DURATION: '1500ms',
      POLL_INTERVAL: '50ms',
    });
    await until(async () => (await readdir(queue)).includes('b.json.claimed'), 'the second item');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(says(worker, 'item processed').map(line => line['item'])).toEqual(['a.json', 'b.json']);
    expect(says(worker, 'shutdown complete')).toHaveLength(1);
    expect(await readdir(queue)).toEqual(['c.json']);
  });

  it('worker: returns an item that it cannot finish in time', async () => {
    const queue = await temporaryFolder('aideploy-queue-');
    await writeFile(join(queue, 'long.json'), '{}');
    const worker = await startProgram('worker', {
      QUEUE_DIR: queue,
      ITEM_DURATION: '60s',
      SHUTDOWN_TIMEOUT: '200ms',
    });
    await until(async () => (await readdir(queue)).includes('long.json.claimed'), 'the claim');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(await readdir(queue)).toEqual(['long.json']);
  });

  it('worker: makes its own work without a queue', async () => {
    const worker = await startProgram('worker', { ITEM_DURATION: '20ms', POLL_INTERVAL: '20ms' });
    await until(() => says(worker, 'item processed').length >= 2, 'two items');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
  });

  it.each([
    ['is done', {}, 0, 'job complete'],
    ['is told to fail', { FAIL_START: '1' }, 1, 'job failed'],
    ['has no model', { LLM_BASE_URL: 'http://127.0.0.1:9' }, 1, 'job failed'],
  ])('job: exits by whether it %s', async (_, env, expected, line) => {
    const job = await startProgram('job', env);
    expect(await job.exit).toBe(expected);
    expect(says(job, line)).toHaveLength(1);
  });

  it('job: fails when it is interrupted', async () => {
    const job = await startProgram('job', { ITEM_DURATION: '60s' });
    await until(() => says(job, 'job started').length === 1, 'its start');
    job.signal('SIGTERM');
    expect(await job.exit).toBe(1);
  });
});
