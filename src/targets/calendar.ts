const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
};
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A cron line as the OnCalendar expressions of a timer. Where day of the month and day of the week are both
 * restricted, cron runs on either, so there are two. https://www.freedesktop.org/software/systemd/man/252/systemd.time.html
 */
export function calendarOf(schedule: string): string[] {
  const fields = (NICKNAMES[schedule] ?? schedule).trim().split(/\s+/);
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = fields;
  const time = `${numbers(hour, 0, 23)}:${numbers(minute, 0, 59)}:00`;
  const months = numbers(month, 1, 12, MONTHS);
  const byDate = `*-${months}-${numbers(day, 1, 31)} ${time}`;
  const byWeekday = `${weekdays(weekday)} *-${months}-* ${time}`;
  // To cron a field that begins with a star restricts nothing by itself.
  const free = (field: string) => field.startsWith('*');
  if (weekday === '*') return [byDate];
  if (free(day) && day === '*') return [byWeekday];
  return free(day) || free(weekday) ? [`${weekdays(weekday)} ${byDate}`] : [byDate, byWeekday];
}

/** Every number that a field means, written out: no two programs read a step alike. */
function valuesOf(field: string, from: number, to: number, names: readonly string[] = []): number[] {
  const numberOf = (text: string): number => {
    const index = names.indexOf(text.toLowerCase());
    return index < 0 ? Number(text) : index + from;
  };
  const found = field.split(',').flatMap(part => {
    const [range = '*', step] = part.split('/');
    const [first, last] = range === '*' ? [from, to] : range.split('-').map(numberOf);
    const start = first ?? from;
    const end = last ?? (step === undefined ? start : to);
    const width = Number(step ?? 1);
    return Array.from({ length: Math.floor((end - start) / width) + 1 }, (_, i) => start + i * width);
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

function numbers(field: string, from: number, to: number, names?: readonly string[]): string {
  const values = valuesOf(field, from, to, names);
  if (values.length === to - from + 1) return '*';
  return values.map(value => String(value).padStart(2, '0')).join(',');
}

function weekdays(field: string): string {
  const values = valuesOf(
    field,
    0,
    7,
    DAYS.map(day => day.toLowerCase()),
  );
  return [...new Set(values.map(value => DAYS[value % 7]))].join(',');
}
