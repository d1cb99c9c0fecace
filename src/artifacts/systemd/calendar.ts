/** systemd.time(7), CALENDAR EVENTS. */
const WORDS =
  /^(?:minutely|hourly|daily|monthly|weekly|yearly|annually|anually|quarterly|semiannually|semi-annually|biannually|bi-annually)$/i;
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?';
const DAYS = new RegExp(`^${DAY}(?:(?:\\.\\.|-)${DAY})?(?:,${DAY}(?:(?:\\.\\.|-)${DAY})?)*,?$`, 'i');
const ZONE = /^(?:UTC|[A-Z][A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*)$/;

/** `*`, values, ranges, lists of them, each with a step; every number from the least to the most. */
function isPart(text: string, least: number, most: number): boolean {
  return text.split(',').every(item => {
    const [, first, last, step] =
      /^(?:\*|(\d{1,4}(?:\.\d{1,6})?)(?:\.\.(\d{1,4}(?:\.\d{1,6})?))?)(?:\/(\d{1,4}(?:\.\d{1,6})?))?$/.exec(
        item,
      ) ?? [];
    if (first === undefined && !/^\*(?:\/[\d.]+)?$/.test(item)) return false;
    const inside = [first, last].every(
      each => each === undefined || (Number(each) >= least && Number(each) < most + 1),
    );
    return inside && (step === undefined || Number(step) > 0);
  });
}

function isDate(text: string): boolean {
  const [, year, month = '', , day = ''] = /^(?:([\d*.,/]+)-)?([\d*.,/]+)([-~])([\d*.,/]+)$/.exec(text) ?? [];
  return (year === undefined || isPart(year, 0, 9999)) && isPart(month, 1, 12) && isPart(day, 1, 31);
}

function isTime(text: string): boolean {
  const [hour = '', minute = '', second, ...more] = text.split(':');
  return (
    more.length === 0 &&
    isPart(hour, 0, 23) &&
    isPart(minute, 0, 59) &&
    (second === undefined || isPart(second, 0, 59))
  );
}

/** Days of the week, a date, a time and a zone, in this order; at least one of the first three. */
export function isCalendar(value: string): boolean {
  const words = value.split(/\s+/).filter(Boolean);
  if (words.length === 1 && (WORDS.test(value) || /^@\d+$/.test(value))) return true;
  const last = words.at(-1) ?? '';
  if (words.length > 1 && ZONE.test(last) && !DAYS.test(last)) words.pop();
  if (words.length === 1 && WORDS.test(words[0] ?? '')) return true;
  const shapes = [(text: string) => DAYS.test(text), isDate, isTime];
  let next = 0;
  for (const word of words) {
    while (next < shapes.length && !shapes[next]?.(word)) next++;
    if (next === shapes.length) return false;
    next++;
  }
  return words.length > 0;
}
