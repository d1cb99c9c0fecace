import { readdir } from 'node:fs/promises';
import { fail, failedToLook, type Observation, pass } from '../probe.ts';
import { type Ask, asService } from './login.ts';

export interface Migrations extends Ask {
  readonly table: string;
  /** Of the migration files; undefined where the configuration names none. */
  readonly folder: string | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** What the usual tools call what was applied; the columns of one row are read in this order. */
const NAMES = ['version', 'version_num', 'migration_name', 'name', 'filename', 'script', 'tag', 'id'];

const MOST = 3;

export async function lookAtMigrations(data: Migrations, signal: AbortSignal): Promise<Observation> {
  const { table, folder } = data;
  const expected =
    folder === undefined ? `migrations recorded in ${table}` : `those of ${folder} recorded in ${table}`;
  const files = folder === undefined ? [] : await migrationsIn(folder);
  if (files === undefined || (folder !== undefined && files.length === 0))
    return failedToLook({
      observed: `${folder} holds no migrations`,
      expected,
      next: 'correct database.migrations.files',
    });
  return asService(data, expected, signal, async session => {
    const [found] = await session.rows<{ there: boolean }>(
      'SELECT to_regclass(quote_ident($1)) IS NOT NULL AS there',
      [table],
    );
    if (!found?.there)
      return fail({
        observed: `there is no table ${table}`,
        expected,
        next: 'run the migrations as the owner, then verify again',
      });
    const rows = await session.rows<Row>(`SELECT * FROM "${table.replaceAll('"', '""')}" LIMIT 10000`);
    return judge(rows, files, table, expected);
  });
}

function judge(rows: readonly Row[], files: readonly string[], table: string, expected: string): Observation {
  const next = 'run the migrations as the owner, then verify again';
  if (rows.length === 0) return fail({ observed: `${table} is empty`, expected, next });
  const broken = rows.find(brokeOff);
  if (broken)
    return fail({
      observed: `migration ${nameOf(broken)} broke off`,
      expected,
      next: 'finish or undo it by hand, mark it so, and run the migrations again',
    });
  const applied = rows.map(nameOf);
  const newest = applied.toSorted(inOrder).at(-1) ?? '';
  // A table of one row holds the newest alone.
  const due = rows.length === 1 ? files.slice(-1) : files;
  const missing = due.filter(file => !applied.some(name => isSame(name, file)));
  if (missing.length === 0)
    return pass(`${rows.length === 1 ? 'the newest' : rows.length} applied: ${newest}`);
  const more = missing.length > MOST ? ` and ${missing.length - MOST} more` : '';
  return fail({
    observed: `not applied: ${missing.slice(0, MOST).join(', ')}${more}; the newest that is: ${newest}`,
    expected,
    next,
  });
}

const nameOf = (row: Row): string => {
  const column = NAMES.find(name => row[name] !== undefined && row[name] !== null);
  return String(column === undefined ? (Object.values(row)[0] ?? '') : row[column]);
};

/** By golang-migrate, Flyway and Prisma. */
const brokeOff = (row: Row): boolean =>
  row['dirty'] === true ||
  row['success'] === false ||
  ('finished_at' in row && row['finished_at'] === null && !row['rolled_back_at']);

const inOrder = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Files and folders by their names, without what is for the way back or is no migration. */
async function migrationsIn(folder: string): Promise<string[] | undefined> {
  const entries = await readdir(folder).catch(() => undefined);
  return entries
    ?.filter(name => /\d/.test(name) && !/\.down\.|^\.|^__/.test(name))
    .map(name => name.replace(/(?:\.up)?\.[a-z]+$/, ''))
    .sort(inOrder);
}

/** A tool keeps the whole name, its number, or what stands before the first underscore. */
function isSame(applied: string, file: string): boolean {
  const number = /^V?(\d+)/.exec(file)?.[1];
  return (
    applied.replace(/(?:\.up)?\.[a-z]+$/, '') === file ||
    file.startsWith(`${applied}_`) ||
    (number !== undefined && /^\d+$/.test(applied) && BigInt(number) === BigInt(applied))
  );
}
