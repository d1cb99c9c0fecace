/** The five fields of cron as systemd's OnCalendar, with every value written out: `*-*-* 02:00:00`. */
export function calendarOf(schedule: string): string[] {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = schedule.trim().split(/\s+/);
  const time = `${valuesOf(hour, HOUR)}:${valuesOf(minute, MINUTE)}:00`;
  const date = `*-${valuesOf(month, MONTH)}-${valuesOf(day, DAY)}`;
  if (weekday === '*') return [`${date} ${time}`];
  // Of two that are restricted cron takes either, unless one begins with a star: then both, as systemd does.
  const both = day.startsWith('*') || weekday.startsWith('*');
  if (both) return [`${weekdaysOf(weekday)} ${date} ${time}`];
  return [`${date} ${time}`, `${weekdaysOf(weekday)} *-${valuesOf(month, MONTH)}-* ${time}`];
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MINUTE: Range = { from: 0, to: 59 };
const HOUR: Range = { from: 0, to: 23 };
const DAY: Range = { from: 1, to: 31 };
const MONTH: Range = {
  from: 1,
  to: 12,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const WEEKDAY: Range = { from: 0, to: 7, names: WEEKDAYS.map(name => name.toLowerCase()) };

function valuesOf(field: string, range: Range): string {
  if (field === '*') return '*';
  return expanded(field, range)
    .map(value => String(value).padStart(2, '0'))
    .join(',');
}

const weekdaysOf = (field: string): string =>
  [...new Set(expanded(field, WEEKDAY).map(value => value % 7))]
    .sort((a, b) => a - b)
    .map(value => WEEKDAYS[value])
    .join(',');

function expanded(field: string, { from, to, names = [] }: Range): number[] {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toLowerCase());
    return named >= 0 && text !== '' ? named : Number(text);
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [first, last] = range === '*' ? [from, to] : range.split('-').map(numberOf);
    const start = first ?? from;
    // `5/15` begins at 5 and goes on to the end, for the crons that take it.
    const end = last ?? (step === undefined ? start : to);
    for (let value = start; value <= end; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}
