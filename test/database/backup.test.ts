// Backups of a real PostgreSQL: what is in them, how long they are kept, and how they leave the machine.

import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { missingPostgres } from '../services/postgres.ts';
import { cleanUp, until } from '../services/programs.ts';
import { at, contents, digests, filled, forget, metricsOf, NAMES, type Place } from './place.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/backup.test.ts is skipped: ${missing}`);
afterAll(cleanUp);

describe.skipIf(missing !== undefined)('a backup', () => {
  let place: Place;
  beforeAll(async () => {
    place = await filled([], ['keepDays: 10', 'keepAtLeast: 2']);
  }, 60_000);
  afterAll(() => place?.postgres.stop());
  afterEach(() => forget(place));

  it('is a custom dump with roles, a manifest of every row, and checksums; readable by its account alone', async () => {
    const name = await place.back();
    const file = (end: string) => join(place.backups, `${name}.${end}`);
    expect(
      execFileSync('sha256sum', ['--check', file('sha256')], { cwd: place.backups, encoding: 'utf8' }),
    ).toMatch(/^(?:shop_\S+: OK\n){3}$/);
    expect(execFileSync('pg_restore', ['--list', file('dump')], { encoding: 'utf8' })).toContain(
      'Format: CUSTOM',
    );
    const manifest = await readFile(file('manifest'), 'utf8');
    expect(manifest.match(/^rows\t.*$/gm)).toEqual([
      'rows\t"more"."orders"\t1',
      'rows\t"public"."empty"\t0',
      'rows\t"public"."odd ""name (a) FROM stdin;"\t2',
      'rows\t"public"."orders"\t2000',
      'rows\t"public"."parted_one"\t2',
    ]);
    const roles = await readFile(file('roles.sql'), 'utf8');
    expect(roles).toContain(`CREATE ROLE ${NAMES.app};`);
    expect(roles).not.toContain('PASSWORD');
    const modes = execFileSync(
      'stat',
      ['-c', '%a', ...['dump', 'roles.sql', 'manifest', 'sha256'].map(file)],
      { encoding: 'utf8' },
    );
    expect(modes).toBe('600\n600\n600\n600\n');
    expect(await metricsOf(place)).toMatchObject({
      last_run_succeeded: 1,
      kept: 1,
      last_success_timestamp_seconds: expect.closeTo(Date.now() / 1000, -2),
    });
    expect(await readdir(place.state)).toEqual(['shop-backup.prom']);
  });

  it('is refused while another run is under way, and says nothing of it to the metrics', async () => {
    const hold = join(place.state, '..', 'hold');
    await writeFile(hold, '');
    const path = await place.commands({
      pg_dump: `[ "$1" = --version ] || while [ -e "${hold}" ]; do sleep 0.1; done\nexec "$real" "$@"`,
    });
    const first = place.run('backup.sh', [], { PATH: path });
    await until(
      async () => (await readdir(place.backups)).some(name => name.startsWith('.partial')),
      'the first run',
    );
    const second = await place.run('backup.sh');
    await rm(hold);
    expect(second).toMatchObject({ code: 75, output: expect.stringContaining('another run is under way') });
    expect((await first).code).toBe(0);
    expect(await place.names()).toHaveLength(1);
  });

  it('goes by age, never below the number that is kept, and only those that are sound count', async () => {
    const made: string[] = [];
    for (const days of [40, 30, 20, 15, 12]) {
      const { output } = await at(place, `-${days} days`);
      made.push(output.trim().split('\n').at(-1) ?? '');
    }
    // Each run kept two; the clock went on, so the first ones are gone already.
    expect((await place.names()).length).toBeGreaterThanOrEqual(2);
    const before = await place.names();
    await appendFile(join(place.backups, `${before.at(-1)}.dump`), 'x');
    const { output, code } = await place.run('backup.sh');
    expect(code, output).toBe(0);
    expect(output).toContain(`${before.at(-1)} is damaged`);
    const now = await place.names();
    expect(now).toContain(before.at(-2));
    // Two sound ones and the damaged one, which a person may still want to look at.
    expect(now).toHaveLength(3);
  });

  it('deletes nothing when another reason than the schedule made it', async () => {
    for (const days of [40, 30, 20]) await at(place, `-${days} days`, ['--reason', 'manual']);
    await place.back(['--reason', 'pre-deploy']);
    expect(await place.names()).toHaveLength(4);
    await place.back();
    expect(await place.names()).toHaveLength(2);
  });

  it('deletes nothing when the clock jumped back, and takes no name twice', async () => {
    for (let i = 0; i < 3; i++) await place.back(['--reason', 'manual']);
    const before = await digests(place);
    const { code, output } = await at(place, '-400 days');
    expect(code, output).toBe(0);
    expect(output).toContain('the clock is behind');
    expect(await digests(place)).toContain(before.split('\n')[0]);
    expect(await place.names()).toHaveLength(4);
  });

  it('keeps the number that is kept when the clock jumps forward', async () => {
    for (let i = 0; i < 4; i++) await place.back(['--reason', 'manual']);
    const { code, output } = await at(place, '+4000 days');
    expect(code, output).toBe(0);
    expect(await place.names()).toHaveLength(2);
  });
});

describe.skipIf(missing !== undefined)('a backup that is encrypted and copied away', () => {
  let place: Place;
  let key: string;
  let elsewhere: string;
  beforeAll(async () => {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    key = join(folder, 'key');
    elsewhere = join(folder, "else where's & $HOME");
    await mkdir(elsewhere);
    const recipient = execFileSync(
      'bash',
      ['-c', `age-keygen -o "${key}" 2>/dev/null; age-keygen -y "${key}"`],
      { encoding: 'utf8' },
    ).trim();
    place = await filled(
      [],
      [`encrypt: {age: ${recipient}}`, `copyTo: [cp, "{}", ${JSON.stringify(elsewhere)}]`],
    );
  }, 60_000);
  afterAll(() => place?.postgres.stop());

  it('leaves nothing readable, and comes back with the key alone', async () => {
    const rows = await contents(place.postgres);
    const name = await place.back();
    expect((await readdir(place.backups)).filter(file => file.startsWith(name)).sort()).toEqual(
      ['dump.age', 'manifest', 'roles.sql.age', 'sha256'].map(end => `${name}.${end}`),
    );
    expect((await readdir(elsewhere)).sort()).toEqual(
      (await readdir(place.backups)).filter(file => file.startsWith(name)).sort(),
    );
    await place.postgres.sql('DELETE FROM orders', 'shop');
    expect(await place.restore([name, '--yes'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('--identity names'),
    });
    const other = `${key}2`;
    execFileSync('age-keygen', ['-o', other], { stdio: 'ignore' });
    expect(await place.restore([name, '--yes', '--identity', other])).toMatchObject({
      code: 1,
      output: expect.stringContaining('does not open'),
    });
    const restored = await place.restore([name, '--yes', '--identity', key]);
    expect(restored.code, restored.output).toBe(0);
    expect(await contents(place.postgres)).toEqual(rows);
  });

  it('is no success when it could not be copied, and deletes nothing', async () => {
    await sleep(1000);
    await rm(elsewhere, { recursive: true });
    await writeFile(elsewhere, '');
    const before = await place.names();
    const { code, output } = await place.run('backup.sh', [], {
      PATH: await place.commands({ cp: 'exit 1' }),
    });
    expect(code, output).toBe(3);
    expect(output).not.toContain('read back and checked');
    expect(await metricsOf(place)).toMatchObject({ last_run_succeeded: 0 });
    expect(await place.names()).toEqual(expect.arrayContaining(before));
  });
});
