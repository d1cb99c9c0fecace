import { expect, test } from 'vitest';
import type { Outcome } from '../../src/exec/run.ts';
import type { Machine } from '../../src/platforms/machine.ts';
import { lookAtServices } from '../../src/verify/compose/services.ts';

const said = (stdout: string): Outcome =>
  ({ status: 'ok', exitCode: 0, stdout, stderr: '', message: '' }) as Outcome;

/** An engine whose clock is `skew` ahead of ours, with a container that was restarted `ago`, by that clock. */
function engine(skew: number, ago: number, restarts = 2): { machine: Machine; asked: string[] } {
  const now = Date.now() + skew;
  const container = {
    Id: 'c1',
    Name: '/chat-api-1',
    Image: 'sha256:1',
    RestartCount: restarts,
    State: {
      Status: 'running',
      ExitCode: 0,
      OOMKilled: false,
      Error: '',
      StartedAt: new Date(now - ago).toISOString(),
    },
    Config: { Image: 'chat:1', Labels: { 'com.docker.compose.service': 'api' } },
    NetworkSettings: {},
  };
  const asked: string[] = [];
  const machine: Machine = {
    host: undefined,
    name: 'this machine',
    run: async ({ args }) => {
      asked.push(args[0] ?? '');
      if (args[0] === 'ps') return said('c1\n');
      if (args[0] === 'info') return said(`${new Date(now).toISOString().replace('Z', '456789Z')}\n`);
      return said(args[0] === 'inspect' ? JSON.stringify([container]) : '');
    },
  };
  return { machine, asked };
}

const look = (machine: Machine) =>
  lookAtServices(
    { machine, project: 'chat', service: 'api', image: 'chat:1', replicas: 1, task: false },
    AbortSignal.timeout(5_000),
  );

const HOUR = 3_600_000;

test.each<[string, number, number, string]>([
  ['our clock is an hour behind, and it was restarted long ago', HOUR, HOUR / 2, 'pass'],
  ['our clock is an hour ahead, and it was restarted just now', -HOUR, 1_000, 'fail'],
  ['the clocks agree, just now', 0, 1_000, 'fail'],
  ['the clocks agree, long ago', 0, HOUR, 'pass'],
])('%s', async (_, skew, ago, status) => {
  expect((await look(engine(skew, ago).machine)).status).toBe(status);
});

test('without a restart nobody asks for the time', async () => {
  const { machine, asked } = engine(HOUR, 1_000, 0);
  expect((await look(machine)).status).toBe('pass');
  expect(asked).toEqual(['ps', 'inspect']);
});
