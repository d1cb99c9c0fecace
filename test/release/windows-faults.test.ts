/** Runs on Windows that end at a call of a script: killed, interrupted, without an answer; the next one finishes. */
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/exec/run.ts';
import type { Site } from '../../src/platforms/windows/site.ts';
import { deploying, goingBack } from './running.ts';
import { type Machine, on, signal, statuses, windowsMachine } from './windows-machine.ts';

type Action = 'deploy' | 'rollback';

/** A call of this run, counted from 1, is not what it should be. */
const atCall = (
  { site }: Machine,
  call: number,
  instead: (ran: () => Promise<Outcome>) => Promise<Outcome>,
): Site => {
  let count = 0;
  return {
    ...site,
    run: (...args) => {
      count += 1;
      const ran = () => site.run(...args);
      return count === call ? instead(ran) : ran();
    },
  };
};

const never = () => new Promise<never>(() => undefined);

/** How a run ends at one of its calls; resolves with whether it came to that. */
const ENDS: Readonly<Record<string, (machine: Machine, action: Action, call: number) => Promise<boolean>>> = {
  'killed before': (machine, action, call) => killed(machine, action, call, false),
  'killed behind': (machine, action, call) => killed(machine, action, call, true),
  interrupted: async (machine, action, call) => {
    const controller = new AbortController();
    let came = false;
    const site = atCall(machine, call, ran => {
      came = true;
      controller.abort();
      return ran();
    });
    await acting(site, action, controller.signal).catch(() => undefined);
    return came;
  },
  'without an answer': async (machine, action, call) => {
    let came = false;
    const site = atCall(machine, call, async () => {
      came = true;
      return { ...NO_ANSWER };
    });
    await acting(site, action).catch(() => undefined);
    return came;
  },
};

const NO_ANSWER: Outcome = {
  status: 'missing',
  exitCode: undefined,
  stdout: '',
  stderr: '',
  truncated: false,
  durationMs: 0,
  message: 'cmd.exe is not there',
};

async function acting(site: Site, action: Action, until: AbortSignal = signal) {
  const agent = await on({ site });
  const run = { ...agent, run: { ...agent.run, signal: until } };
  return action === 'deploy' ? deploying(run, 'v2') : goingBack(run);
}

/** From then on nothing that this run asks for is done, its beats included. */
function killed(machine: Machine, action: Action, call: number, done: boolean): Promise<boolean> {
  return new Promise(resolve => {
    let dead = false;
    const site = atCall(machine, call, async ran => {
      dead = true;
      if (done) await ran();
      resolve(true);
      return never();
    });
    const guarded: Site = {
      ...site,
      run: (...args) => (dead ? never() : site.run(...args)),
    };
    acting(guarded, action).then(
      () => resolve(false),
      () => resolve(false),
    );
  });
}

async function finished(machine: Machine, action: Action): Promise<void> {
  const agent = await on(machine);
  const current = async () => (await agent.strategy.inspect(signal)).value?.current;
  if (action === 'deploy') expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'verified' });
  else expect(await goingBack(agent, { to: 'v1' })).toMatchObject({ outcome: 'verified' });
  expect(await current()).toBe(action === 'deploy' ? 'v2' : 'v1');
  expect(machine.up).toBe(true);
  expect(await statuses(agent.strategy)).toEqual(
    action === 'deploy' ? ['v1 superseded', 'v2 verified'] : ['v1 verified', 'v2 superseded'],
  );
}

test.each<Action>(['deploy', 'rollback'])(
  'a %s that ends at any call is finished by the next',
  async action => {
    const table: string[] = [];
    for (const [how, end] of Object.entries(ENDS))
      for (let call = 1, came = true; came; call++) {
        const machine = windowsMachine();
        const agent = await on(machine);
        await deploying(agent, 'v1');
        if (action === 'rollback') await deploying(agent, 'v2');
        came = await end(machine, action, call);
        if (!came) break;
        const why = await finished(machine, action).then(
          () => 'survived',
          (error: Error) => `lost: ${error.message.split('\n')[0]}`,
        );
        table.push(`${action} ${how} call ${call}: ${why}`);
      }
    const lost = table.filter(line => line.includes(': lost'));
    console.info(
      `${table.join('\n')}\nfaults tried ${table.length}, survived ${table.length - lost.length}, lost ${lost.length}`,
    );
    expect(table.length).toBeGreaterThan(15);
    expect(lost).toEqual([]);
  },
);

test('of two operators one deploys, and the other is told who is at work', async () => {
  const machine = windowsMachine();
  await deploying(await on(machine), 'v1');
  // A script that lasts, so that the two meet.
  const slow: Site = {
    ...machine.site,
    run: async (file, ...args) => {
      if (file.endsWith('upgrade.cmd')) await new Promise(done => setTimeout(done, 400));
      return machine.site.run(file, ...args);
    },
  };
  const both = await Promise.allSettled(
    ['v2', 'v3'].map(async tag => deploying(await on({ site: slow }), tag)),
  );
  const [done] = both.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
  const [refused] = both.flatMap(each => (each.status === 'rejected' ? [String(each.reason)] : []));
  expect(done).toMatchObject({ outcome: 'verified' });
  expect(refused).toMatch(/somebody@here is at work there: deploy v[23], since/);
  expect((await (await on(machine)).strategy.inspect(signal)).value?.current).toBe(done?.release);
});
