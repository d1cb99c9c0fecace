// install.sh for real, on copies of /etc and the like that end with the test.

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPostgres } from '../services/postgres.ts';
import { cleanUp } from '../services/programs.ts';
import { filled, type Place } from './place.ts';

/** A mount namespace in which what the script changes is a layer over the machine's own files. */
const LAYERS = `
set -e
upper=$(mktemp -d); mount -t tmpfs tmpfs "$upper"
for dir in /etc /opt /var/lib /usr/local; do
  mkdir -p "$upper$dir/upper" "$upper$dir/work"
  mount -t overlay overlay -o "lowerdir=$dir,upperdir=$upper$dir/upper,workdir=$upper$dir/work" "$dir"
done
`;
const layered = (): boolean => {
  try {
    execFileSync('unshare', ['--mount', 'bash', '-c', `${LAYERS} true`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const missing = missingPostgres() ?? (layered() ? undefined : 'no overlays can be mounted here');
if (missing !== undefined) console.warn(`test/database/install.test.ts is skipped: ${missing}`);
afterAll(cleanUp);

describe.skipIf(missing !== undefined)('install.sh', () => {
  let place: Place;
  beforeAll(async () => {
    place = await filled();
    // The scripts' folder is readable by root alone, as temporary folders are; the account needs its own.
    execFileSync('chmod', ['755', join(place.deploy, '..')]);
  });
  afterAll(() => place?.postgres.stop());

  const machine = async (steps: string): Promise<string> => {
    const path = await place.commands({ systemctl: 'echo "systemctl $*"' });
    const file = join(place.state, 'steps.sh');
    await writeFile(
      file,
      `${LAYERS}\nexport PATH=${path}\ninstall=${JSON.stringify(join(place.deploy, 'backup/install.sh'))}\n${steps}`,
    );
    const env = { ...process.env, BACKUP_STATE: '', PGPASSFILE: '' };
    return execFileSync('unshare', ['--mount', 'bash', '-c', `bash ${JSON.stringify(file)} 2>&1`], {
      encoding: 'utf8',
      env,
    });
  };

  it('makes the account, the folders and the cron job; a second run changes nothing', async () => {
    const list = `find /opt/shop /etc/shop-backup /etc/cron.d/shop-backup /var/lib/shop-backup -printf '%m %u:%g %p\\n' | sort -k 3`;
    const output = await machine(
      `"$install" --cron; ${list} >/tmp/list.$$; "$install" --cron; ${list} | diff /tmp/list.$$ -; cat /tmp/list.$$; rm /tmp/list.$$; getent passwd shop-backup`,
    );
    expect(output.split('\n').filter(line => line.startsWith('7') || line.startsWith('6'))).toEqual([
      '644 root:root /etc/cron.d/shop-backup',
      '750 root:shop-backup /etc/shop-backup',
      '755 root:root /opt/shop',
      '755 root:root /opt/shop/backup',
      '755 root:root /opt/shop/backup/backup.sh',
      '755 root:root /opt/shop/backup/rehearse.sh',
      '755 root:root /opt/shop/backup/restore.sh',
      '755 shop-backup:shop-backup /var/lib/shop-backup',
    ]);
    expect(output).toMatch(/^shop-backup:x:\d+:\d+::\/var\/lib\/shop-backup:\/usr\/sbin\/nologin$/m);
  });

  it('puts the timer in the place of the cron job, and back: never both', async () => {
    const output = await machine(`
      units() { ls /etc/cron.d/shop-backup /etc/systemd/system/shop-backup.* 2>/dev/null | xargs; }
      "$install" --cron; echo "first: $(units)"
      "$install" --timer; echo "then: $(units)"
      "$install" --cron; echo "again: $(units)"`);
    expect(output).toContain('first: /etc/cron.d/shop-backup\n');
    expect(output).toContain('systemctl enable --now shop-backup.timer');
    expect(output).toContain(
      'then: /etc/systemd/system/shop-backup.service /etc/systemd/system/shop-backup.timer\n',
    );
    expect(output).toContain('systemctl disable --now shop-backup.timer');
    expect(output).toContain('again: /etc/cron.d/shop-backup\n');
  });

  it('leaves a machine on which root makes backups as the account, with its password', async () => {
    const hba = await place.postgres.sql('SHOW hba_file');
    await writeFile(hba, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    await place.postgres.sql("ALTER ROLE shop_app_backup PASSWORD 'a:b\\c'; SELECT pg_reload_conf()");
    const output = await machine(`
      "$install" --cron; printf '%s\\n' 'a:b\\c' | "$install" --password
      unset PGPASSFILE BACKUP_STATE
      /opt/shop/backup/backup.sh --reason manual
      stat -c '%a %U %n' /etc/shop-backup/pgpass ${JSON.stringify(place.backups)}/*.dump
      /opt/shop/backup/restore.sh latest --yes
      cat /var/lib/shop-backup/shop-backup.prom`);
    expect(output).toMatch(/^600 shop-backup \/etc\/shop-backup\/pgpass$/m);
    expect(output).toMatch(/^600 shop-backup .*\.dump$/m);
    expect(output).toMatch(/restored shop_\w+$/m);
    expect(output).toContain('aideploy_backup_last_run_succeeded{database="shop"} 1');
  });
});
