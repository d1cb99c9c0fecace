// The password file that install.sh writes: whatever the password, libpq reads it back and logs in with it.

import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlLiteral } from '../../src/render/escape/sql.ts';
import { runs } from '../render/runs.ts';
import { sampleTexts } from '../render/values.ts';
import { missingPostgres } from '../services/postgres.ts';
import { cleanUp } from '../services/programs.ts';
import { createPlace, NAMES, type Place } from './place.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/password.test.ts is skipped: ${missing}`);
afterAll(cleanUp);

/** A line of text; SASLprep would make one of some that look alike, and so would the server. */
const passwords = sampleTexts(runs(40)).filter(text => /^[\x20-\x7e]{1,90}$/.test(text));

describe.skipIf(missing !== undefined)('install.sh --password', () => {
  let place: Place;
  let pgpass: string;
  beforeAll(async () => {
    place = await createPlace();
    await place.psql('roles.sql', 'postgres');
    pgpass = place.env['PGPASSFILE'] ?? '';
    const hba = await place.postgres.sql('SHOW hba_file');
    await writeFile(hba, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    await place.postgres.sql('SELECT pg_reload_conf()');
  });
  afterAll(() => place?.postgres.stop());

  it('keeps every password so that psql logs in with it', { timeout: 300_000 }, async () => {
    for (const password of passwords) {
      await place.postgres.sql(`ALTER ROLE ${NAMES.backup} PASSWORD ${sqlLiteral(password)}`);
      execFileSync(join(place.deploy, 'backup/install.sh'), ['--password'], {
        input: `${password}\n`,
        env: { ...process.env, BACKUP_PASSWORDS: pgpass },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const said = execFileSync(
        'psql',
        [
          '-XAtwc',
          'SELECT current_user',
          '-h',
          '127.0.0.1',
          '-p',
          String(place.port),
          '-U',
          NAMES.backup,
          '-d',
          'shop',
        ],
        { env: { ...process.env, PGPASSFILE: pgpass }, encoding: 'utf8' },
      );
      expect(said.trim(), JSON.stringify(password)).toBe(NAMES.backup);
    }
    expect((await stat(pgpass)).mode & 0o777).toBe(0o600);
    expect((await readFile(pgpass, 'utf8')).split('\n')).toHaveLength(2);
    await place.back();
  });

  it('takes no empty one', () => {
    const install = join(place.deploy, 'backup/install.sh');
    expect(() =>
      execFileSync(install, ['--password'], {
        input: '',
        env: { ...process.env, BACKUP_PASSWORDS: pgpass },
        stdio: ['pipe', 'ignore', 'ignore'],
      }),
    ).toThrow();
  });
});
