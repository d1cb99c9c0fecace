const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const FIELDS: readonly (readonly [name: string, least: number, most: number, words: readonly string[]])[] = [
  ['minute', 0, 59, []],
  ['hour', 0, 23, []],
  ['day of the month', 1, 31, []],
  ['month', 1, 12, MONTHS],
  ['day of the week', 0, 6, DAYS],
];

/**
 * Why a CronJob's schedule is none, behind it. It is stricter than cron: Sunday is 0, never 7.
 * https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function scheduleFault(text: string): string | undefined {
  if (/^(?:CRON_)?TZ=/.test(text)) return 'names a time zone, which belongs into timeZone';
  if (/^@(?:annually|yearly|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(text)) return undefined;
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) return `has ${fields.length} fields, not 5`;
  const wrong = FIELDS.findIndex((_, i) => !isField(fields[i] ?? '', i));
  return wrong === -1 ? undefined : `has no valid ${FIELDS[wrong]?.[0]}: ${fields[wrong]}`;
}

const isField = (text: string, index: number): boolean =>
  text.split(',').every(part => {
    const [range = '', step, ...more] = part.split('/');
    const bounds = range.split('-');
    if (more.length > 0 || bounds.length > 2 || (step !== undefined && !/^0*[1-9]\d*$/.test(step)))
      return false;
    if (range === '*' || range === '?') return true;
    const [from, to] = bounds.map(bound => numberOf(bound, index));
    return from !== undefined && (bounds.length === 1 || (to !== undefined && from <= to));
  });

function numberOf(text: string, index: number): number | undefined {
  const [, least = 0, most = 0, words = []] = FIELDS[index] ?? [];
  const word = words.indexOf(text.toUpperCase());
  if (word !== -1) return word + least;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number >= least && number <= most ? number : undefined;
}
