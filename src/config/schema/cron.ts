import { line } from './scalars.ts';

/** The five fields of a cron line: its numbers, and the names that stand for some of them. */
const FIELDS: readonly { readonly from: number; readonly to: number; readonly names?: RegExp }[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i },
  { from: 0, to: 7, names: /^(?:sun|mon|tue|wed|thu|fri|sat)$/i },
];
const NICKNAME = /^@(?:hourly|daily|weekly|monthly|yearly)$/;

/** A schedule that every cron, and the timers made of it, reads the same way. */
export const cronFields = (example: string) =>
  line().refine(isSchedule, { error: `cron syntax, such as ${example}: minute, hour, day, month, weekday` });

/** The same, or one of its names. */
export const cron = (example: string) =>
  line().refine(text => NICKNAME.test(text) || isSchedule(text), {
    error: `cron syntax, such as ${example} (minute, hour, day, month, weekday) or @daily`,
  });

function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.length === FIELDS.length &&
    fields.every((field, i) => field.split(',').every(part => isPart(part, i)))
  );
}

function isPart(part: string, field: number): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
  if (step !== undefined && Number(step) < 1) return false;
  if (range === '*') return true;
  const ends = range.split('-');
  if (ends.length > 2 || !ends.every(end => isValue(end, field))) return false;
  const [first, last] = ends.map(Number);
  return last === undefined || !((first ?? 0) > last);
}

function isValue(text: string, field: number): boolean {
  const { from, to, names } = FIELDS[field] ?? { from: 0, to: 0 };
  return names?.test(text) || (/^\d{1,2}$/.test(text) && Number(text) >= from && Number(text) <= to);
}
