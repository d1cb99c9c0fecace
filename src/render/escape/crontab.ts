import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

const PLAIN = /^[A-Za-z0-9_./:@+,=-]+$/;
const ACCOUNT = /^[a-z_][a-z0-9_-]*$/;
const FIELD = /^[A-Za-z0-9*,/-]+$/;

/**
 * One word of a command. cron looks for `%` and backslashes before the shell does, and its makers disagree on
 * two backslashes in a row: here each stands between quotes of its own.
 */
export function cronWord(text: string): string {
  if (/[\0\r\n]/.test(text)) refuse('crontab', text, 'a job is one line, and NUL is in no argument');
  if (PLAIN.test(text)) return text;
  const shell = text.split("'").map(quoted).join("\\'");
  return shell === '' ? "''" : shell;
}

const quoted = (text: string): string =>
  text
    .split('\\')
    .map(piece => (piece === '' ? '' : `'${piece.replaceAll('%', '\\%')}'`))
    .join("'\\'");

/** `minute hour day month weekday` as a list of five. */
function schedule(value: unknown): string {
  const fields = Array.isArray(value) ? value.map(field => scalarText('crontab', field)) : [];
  if (fields.length !== 5 || !fields.every(field => FIELD.test(field)))
    return refuse('crontab', value, 'a schedule is a list of five fields');
  return fields.join(' ');
}

function place({ before }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  if (/^\s*\w+\s*=/.test(before))
    throw new Error('cron expands nothing in a variable: write it into the job');
  const quotes = before.replaceAll(/\\./g, '').replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  if (before.trim() === '') return 'schedule';
  return /^\s*(?:\ufffc|@\w+)\s+$/.test(before) ? 'account' : 'word';
}

function write(value: unknown, at: string): string {
  if (at === 'schedule') return schedule(value);
  if (at === 'comment') return commentText('crontab', value);
  const text = scalarText('crontab', value);
  if (at !== 'account') return cronWord(text);
  return ACCOUNT.test(text)
    ? text
    : refuse('crontab', value, 'an account is lower-case letters, digits, _ and -');
}

/** A file of /etc/cron.d: schedule, account, command. */
export const crontab: Format = { id: 'crontab', place, write };
