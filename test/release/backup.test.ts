import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/exec/run.ts';
import type { Machine } from '../../src/platforms/machine.ts';
import { backupStep } from '../../src/release/backup.ts';
import { minimal } from '../config/fixtures.ts';
import { modelOf } from '../model/models.ts';

/** Who deploys is in the group of Docker and not root. */
const asNobody = (command: Parameters<Machine['run']>[0]): typeof command =>
  process.getuid?.() === 0
    ? {
        ...command,
        program: 'setpriv',
        args: ['--reuid=65534', '--regid=65534', '--clear-groups', '--', command.program, ...command.args],
      }
    : command;

/** `sudo` is what it does where it is asked; the folder of backups is that of another account, or of this one. */
async function backUp(mode: number, sudo: string) {
  const root = mkdtempSync(join(tmpdir(), 'backup-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  };
  mkdirSync(join(root, 'backups'));
  chmodSync(join(root, 'backups'), mode);
  chmodSync(root, 0o755);
  put('released/backup.sh', '#!/bin/sh\necho "made: ${BY:+1}5 bytes" >&2; echo "chat_1"\n');
  put('bin/sudo', `#!/bin/sh\n${sudo}\n`);
  const model = modelOf(
    minimal(
      `database: {name: chat, user: chat, backup: {dir: ${root}/backups}}\ntargets: {compose: {}, backup: {}}\n`,
      'secrets: [{name: DATABASE_URL, from: database}]\n    dependsOn: [db]',
    ),
  );
  const machine: Machine = {
    host: undefined,
    name: 'this machine',
    run: (command, limits) =>
      run({ ...asNobody(command), env: { PATH: `${root}/bin:${process.env['PATH']}` } }, limits),
  };
  const control = { signal: AbortSignal.timeout(20_000), say: () => undefined };
  return backupStep(machine, model, `${root}/released`)?.perform(control);
}

const WITH_RIGHTS = '[ "$1" = -n ] && shift && BY=root exec "$@"';

test('whose backups they are makes them', async () => {
  expect(await backUp(0o777, 'exit 1')).toMatchObject({
    status: 'done',
    note: expect.stringContaining(', 5 bytes'),
  });
});

test('who may not write there asks for root’s rights, and gets them', async () => {
  expect(await backUp(0o700, WITH_RIGHTS)).toMatchObject({
    status: 'done',
    note: expect.stringContaining(', 15 bytes'),
  });
});

test('who gets none is told how, before anything is changed', async () => {
  const end = await backUp(0o700, 'echo "sudo: a password is required" >&2; exit 1');
  expect(end).toEqual({
    status: 'obstructed',
    obstacle: {
      why: 'no backup before the migrations: this machine: sudo: a password is required',
      next: 'deploy as root, or allow this user `sudo -n /opt/chat/backup/backup.sh` in sudoers, without a password',
    },
  });
});
