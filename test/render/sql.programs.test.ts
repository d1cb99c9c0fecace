import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { psqlArgument, sqlLiteral, sqlName } from '../../src/render/escape/sql.ts';
import { createPostgres, missingPostgres, type Postgres } from '../services/postgres.ts';
import { cleanUp, start, temporaryFolder } from '../services/programs.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/render/sql.programs.test.ts: psql is not asked: ${missing}`);

/** PostgreSQL keeps valid Unicode without NUL. */
const texts = sampleTexts(runs(200)).filter(text => !/\p{Surrogate}/u.test(text));
const names = [...new Set(texts)].filter(text => text !== '' && Buffer.byteLength(text) <= 63);

const SCRIPT = `-- {{comment}}
{{#each texts}}
SELECT encode(convert_to({{this}}, 'UTF8'), 'hex');
\\set said {{this}}
SELECT encode(convert_to(:'said', 'UTF8'), 'hex');
{{/each}}
{{#each names}}
CREATE ROLE {{name this}};
{{/each}}
{{#each names}}
SELECT encode(convert_to(rolname, 'UTF8'), 'hex') FROM pg_roles WHERE rolname = {{this}};
{{/each}}
`;

describe.skipIf(missing !== undefined)('psql', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await createPostgres();
    await postgres.start();
  });
  afterAll(async () => {
    await postgres?.stop();
    await cleanUp();
  });

  it.each(['on', 'off'])(
    'reads every text back, byte for byte, with standard_conforming_strings %s',
    async strings => {
      const file = join(await temporaryFolder('aideploy-sql-'), 'script.sql');
      await writeFile(
        file,
        renderOnce('t/script.sql', SCRIPT, { comment: "it's a \\comment", texts, names }),
      );
      const database = `strings_${strings}`;
      await postgres.sql(`CREATE DATABASE ${database}`);
      await postgres.sql(`ALTER DATABASE ${database} SET standard_conforming_strings = ${strings}`);
      const psql = start(
        ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', postgres.url('postgres', database), '-f', file],
        {
          env: {
            PGCLIENTENCODING: 'UTF8',
            PGOPTIONS: '-c client_min_messages=error -c escape_string_warning=off',
          },
        },
      );
      expect(await psql.exit, psql.output().slice(-2000)).toBe(0);
      const hex = (text: string) => Buffer.from(text).toString('hex');
      expect(psql.output().split('\n').slice(0, -1)).toEqual([
        ...texts.flatMap(text => [hex(text), hex(text)]),
        ...names.map(hex),
      ]);
      await postgres.sql(names.map(name => `DROP ROLE ${sqlName(name)}`).join(';'));
    },
  );
});

test.each<[string, () => string, string]>([
  ['a name that the server would cut', () => sqlName('x'.repeat(64)), 'at most 63 bytes'],
  ['a name of letters that have more bytes', () => sqlName('ü'.repeat(32)), 'at most 63 bytes'],
  ['an empty name', () => sqlName(''), 'is not empty'],
  ['NUL in a literal', () => sqlLiteral('a\0'), 'holds a NUL'],
  ['NUL for psql', () => psqlArgument('a\0'), 'NUL'],
  ['a name that is no text', () => renderOnce('t/x.sql', 'SELECT {{name a}};', { a: 7 }), 'a name is a text'],
  [
    'a comment of two lines',
    () => renderOnce('t/x.sql', '-- {{a}}', { a: 'a\nDROP' }),
    'no control characters',
  ],
  [
    'a value between quotes',
    () => renderOnce('t/x.sql', "SELECT '{{a}}';", { a: 'a' }),
    'brings its own quotes',
  ],
])('%s is refused', (_, write, reason) => {
  expect(write).toThrow(reason);
});

test('numbers and booleans stand as they are', () => {
  expect(renderOnce('t/x.sql', 'SELECT {{a}}, {{b}};', { a: 60000, b: false })).toBe(
    'SELECT 60000, false;\n',
  );
});
