/** Whether a container runs and is well, by what is seen of it; an engine whose clock is another changes nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Container, containersOf } from '../../src/platforms/compose/containers.ts';
import type { Machine } from '../../src/platforms/machine.ts';
import { watch } from '../../src/release/strategies/compose/watch.ts';
import { saying } from './saying.ts';

const HOUR = 3_600_000;
const container = (more: Partial<Container> = {}): Container =>
  ({
    id: 'a',
    state: 'running',
    health: undefined,
    restarts: 0,
    startedAt: Date.now(),
    ...more,
  }) as Container;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('without a health check', () => {
  it.each([
    ['the same as here', 0],
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ])('it is well when it was seen to last; the engine says %s', (_, skew) => {
    const watched = watch();
    const one = container({ startedAt: Date.now() + skew });
    watched.see([one]);
    expect(watched.isWell(one)).toBe(false);
    vi.advanceTimersByTime(4_100);
    watched.see([one]);
    expect(watched.isWell(one)).toBe(true);
  });

  it('one that started again begins anew, whatever the clocks say', () => {
    const watched = watch();
    watched.see([container()]);
    vi.advanceTimersByTime(4_100);
    vi.setSystemTime(Date.now() + HOUR);
    const again = container({ restarts: 1 });
    watched.see([again]);
    expect([watched.isWell(again), watched.isUsable(again)]).toEqual([false, false]);
  });
});

describe('restarts', () => {
  it.each([
    ['long ago', container({ restarts: 3 }), container({ restarts: 3 }), true],
    ['since the step began', container({ restarts: 3 }), container({ restarts: 4 }), false],
    ['of one that the step made', container(), container({ id: 'b', restarts: 1 }), false],
  ])('%s', (_, before, now, usable) => {
    const watched = watch();
    watched.see([before]);
    watched.see([now]);
    expect(watched.isUsable(now)).toBe(usable);
  });
});

describe('a container that is removed while it is looked at', () => {
  const FOUND = {
    Id: 'a',
    Name: '/a',
    Image: 'i',
    RestartCount: 0,
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, Error: '', StartedAt: '2026-01-01T00:00:00Z' },
    Config: { Image: 'i', Labels: {} },
    NetworkSettings: {},
  };
  const asked = (stderr: string): Machine => ({
    ...saying([]),
    run: async (command, limits) => {
      const answer = await saying([[/^docker ps/, 'a\nb\n']]).run(command, limits);
      return command.args[0] === 'ps' ? answer : { ...answer, stdout: JSON.stringify([FOUND]), stderr };
    },
  });

  it('is left out', async () => {
    const { value } = await containersOf(asked('Error: No such container: b\n'), 'p', {});
    expect(value?.map(({ id }) => id)).toEqual(['a']);
  });

  it('is no excuse for another error', async () => {
    const { obstacle } = await containersOf(
      asked('Error: No such container: b\npermission denied\n'),
      'p',
      {},
    );
    expect(obstacle?.why).toMatch(/permission denied/);
  });
});
