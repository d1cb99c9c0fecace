/** Releases on a Windows machine in memory. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import { deploying, goingBack } from './running.ts';
import { releaseOf } from './sample.ts';
import { DIR, on, signal, statuses, surroundings, windowsMachine } from './windows-machine.ts';

describe('a release on Windows', () => {
  it('v1 is installed, v2 is an upgrade, and v1 comes back by its own script', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: undefined, empty: true });
    expect(await deploying(agent, 'v1')).toMatchObject({ outcome: 'verified' });
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'verified' });
    expect(await goingBack(agent)).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(machine.ran).toEqual([
      'install.cmd --tag v1 --from',
      'upgrade.cmd --tag v2 --from',
      'rollback.cmd v1',
    ]);
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 superseded']);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: 'v1', empty: false });
    const history = machine.files.get(`${DIR}\\history.jsonl`)?.trim().split('\n') ?? [];
    expect(history.map(line => JSON.parse(line).action)).toEqual(['deploy', 'deploy', 'rollback']);
    expect((await agent.strategy.store.lease(signal)).value).toBeUndefined();
  });

  it('again, it is known by its content', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    expect(await deploying(agent, 'v1')).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified']);
  });

  it('the same tag of something else is told, since a folder of programs never changes', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.files.set(`${DIR}\\releases\\v1\\details.json`, '{"content":"of something else"}');
    expect(await deploying(agent, 'v1')).toMatchObject({
      outcome: 'rolled-back',
      cause: 'v1 is there already, and was made of something else: give this one a tag of its own',
    });
    expect((await agent.strategy.inspect(signal)).value).toMatchObject({ current: 'v1' });
  });

  it('one that does not get ready: its own last words are the cause, and v1 runs', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.broken.add('v2');
    machine.files.set(`${DIR}\\logs\\agent.log`, 'starting\r\npanic: no such model\r\ngoroutine 1:\r\n');
    expect(await deploying(agent, 'v2')).toMatchObject({
      outcome: 'rolled-back',
      cause: 'agent is not ready: panic: no such model',
    });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 failed']);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: 'v1', empty: false });
  });

  it('one that could not be configured is the cause, though the former is slow to come back', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.broken.add('v2');
    machine.files.set(`${DIR}\\logs\\agent.log`, 'drained\r\n');
    machine.told = [
      'D:\\agent\\config\\agent.env has no value for KEY',
      'v2 is not ready: back to v1',
      `agent is not ready, see "${DIR}\\logs\\agent.log"`,
    ];
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'rolled-back', cause: machine.told[0] });
  });

  it('one that does not pass when it is verified is taken back', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    agent.verdicts.push({ verdict: 'fail', summary: 'smoke: 500', details: [] });
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'rolled-back', cause: 'smoke: 500' });
    expect(machine.ran.at(-1)).toBe('rollback.cmd v1');
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 failed']);
  });

  it.each([
    'run this as administrator',
    'tar.exe is not on PATH: it is part of Windows 10',
    'nssm.exe 2.24 or later is needed, beside this file',
  ])('a machine that is not prepared spoils no release: %s', async refusal => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.refusal = refusal;
    // What only a person changes is not waited for.
    const patient = { ...agent, run: { ...agent.run, patience: 1_000_000 } };
    expect(await deploying(patient, 'v2')).toMatchObject({ unanswered: true, cause: refusal });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified']);
    machine.refusal = undefined;
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'verified' });
  });

  it('going back that ended between the switch and the start is finished', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    await deploying(agent, 'v2');
    machine.files.set(`${DIR}\\current.txt`, 'v1\r\n');
    machine.up = false;
    expect(await goingBack(agent, { to: 'v1' })).toMatchObject({ outcome: 'verified' });
    expect(machine.up).toBe(true);
    expect(machine.ran.at(-1)).toBe('service.cmd running');
  });
});

describe('the record', () => {
  it('of scripts that a person ran has the shape of ours, and one that is torn is left out', async () => {
    const machine = windowsMachine();
    const byHand = ['{', '  "version": 1,', '  "id": "1.0",', '  "tag": "1.0",', '  "sequence": 1,'];
    const text = [
      ...byHand,
      '  "at": "2026-01-01T00:00:00Z",',
      '  "by": "a@B",',
      '  "previous": "",',
      '  "status": "verified"',
      '}',
    ];
    machine.files.set(`${DIR}\\releases\\1.0\\release.json`, text.join('\r\n'));
    machine.files.set(`${DIR}\\releases\\1.1\\release.json`, byHand.join('\r\n'));
    machine.files.set(`${DIR}\\current.txt`, '1.0\r\n');
    const { strategy } = await on(machine);
    const answered = await strategy.store.releases(signal);
    expect(answered.obstacle ?? answered.notes).toEqual(['the record of 1.1 is torn: it is left out']);
    expect(answered.value).toEqual([
      {
        ...releaseOf('1.0', { platform: 'windows', configuration: '', content: '' }),
        at: '2026-01-01T00:00:00Z',
        by: 'a@B',
        status: 'verified',
      },
    ]);
    expect((await strategy.inspect(signal)).value).toEqual({ current: '1.0', empty: false });
  });

  it('has a lease that one of two gets', async () => {
    const { strategy } = await on(windowsMachine());
    const { store } = strategy;
    const lease = (token: string) => ({
      token,
      owner: 'Zoë "%PATH%" & !x!',
      action: 'deploy',
      since: '',
      seconds: 1,
      beat: 0,
    });
    const both = await Promise.all(['a', 'b'].map(each => store.exchange(undefined, lease(each), signal)));
    expect(both.map(({ value }) => value)).toEqual([true, false]);
    expect((await store.lease(signal)).value).toEqual(lease('a'));
    expect((await store.exchange(lease('b'), undefined, signal)).value).toBe(false);
    expect((await store.exchange(lease('a'), undefined, signal)).value).toBe(true);
    expect((await store.lease(signal)).value).toBeUndefined();
  });
});

describe('from elsewhere', () => {
  it('says what to run there', async () => {
    const { obstacle } = await makeOn(undefined, { ...(await surroundings()), hosts: ['me@box'] });
    expect(obstacle).toEqual({
      why: 'me@box is not a Windows machine that this runs on',
      next: expect.stringMatching(
        /scp -r deploy build me@box:agent[\s\S]*install\.cmd --tag TAG[\s\S]*rollback\.cmd/,
      ),
    });
  });

  it('needs a build of the tag', async () => {
    const given = { ...(await surroundings()), build: 'elsewhere' };
    const { value } = await makeOn(windowsMachine().site, given);
    expect((await value?.content('v1', [], signal))?.obstacle).toEqual({
      why: `${join(given.root, 'elsewhere', 'SHA256SUMS')} is missing`,
      next: 'build it: scripts/build.sh --tag v1',
    });
  });
});
