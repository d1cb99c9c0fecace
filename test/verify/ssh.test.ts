/** How hosts are asked by ssh: one connection, some sessions at once, and nobody waits for longer than it wants to. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { command } from '../../src/exec/command.ts';
import { machineOf } from '../../src/platforms/machine.ts';
import { project, read } from '../cli/run.ts';

/** Says when it begins and ends, how it was called, and takes its time; for the host `away` it fails. */
const SSH = `#!/bin/sh
cd "\${0%/*}"
echo begin >>told
echo "$@" >>calls
while [ -e hold ]; do sleep 0.05; done
echo end >>told
case "$*" in *" away "*) exit 255 ;; esac
`;

let folder: string;
const told = async () => (await read(folder, 'told').catch(() => '')).trim().split('\n');

beforeAll(async () => {
  folder = await project({ ssh: SSH });
  await chmod(join(folder, 'ssh'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
});

describe.skipIf(process.platform === 'win32')('a host', () => {
  it('is asked by one alone first, which makes the connection, and then by four at once', async () => {
    const machine = machineOf('busy');
    const ask = () => machine.run(command('true'));
    await Promise.all([ask(), ask(), ask(), ask(), ask(), ask(), ask()]);
    const lines = await told();
    expect(lines.slice(0, 2)).toEqual(['begin', 'end']);
    const atOnce = lines.map((_, i) =>
      lines.slice(0, i + 1).reduce((sum, line) => sum + (line === 'begin' ? 1 : -1), 0),
    );
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(4);
    const calls = await readFile(join(folder, 'calls'), 'utf8');
    expect(new Set(calls.match(/ControlPath=\S+/g)).size).toBe(1);
    expect(calls).toContain('ServerAliveInterval=10');
  });

  it('that cannot be reached is asked by one after the other', async () => {
    const before = (await told()).length;
    const machine = machineOf('away');
    await Promise.all([machine.run(command('true')), machine.run(command('true'))]);
    expect((await told()).slice(before)).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('who waits for a turn and is called off does not wait', async () => {
    const machine = machineOf('slow');
    const hold = join(folder, 'hold');
    await writeFile(hold, '');
    const first = machine.run(command('true'));
    const off = new AbortController();
    const waiting = machine.run(command('true'), { signal: off.signal });
    await sleep(100);
    off.abort();
    expect((await waiting).status).toBe('cancelled');
    await rm(hold);
    expect((await first).status).toBe('ok');
    expect((await machine.run(command('true'))).status).toBe('ok');
  });
});
