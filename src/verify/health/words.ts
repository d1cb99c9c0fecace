/** What a word says of a service: `soon` is on its way up or down, `partly` works with something missing. */
export type Meaning = 'good' | 'partly' | 'soon' | 'bad';

const WORDS: Readonly<Record<Meaning, string>> = {
  good: `healthy ok okay up pass passed passing ready alive live running serving started available online active
    operational success successful green good true yes connected reachable accepting`,
  partly: 'degraded warn warning partial partially yellow',
  soon: `starting initializing initialising initialized warming loading booting draining stopping terminating
    shutting-down maintenance pending`,
  bad: `unhealthy down fail failed failing failure failures error errors errored unready not-ready notready not-ok
    not-healthy not-serving not-started not-live not-alive dead critical red false no offline unavailable out-of-service
    service-unavailable disconnected not-connected unreachable timeout timed-out broken stopped stale expired inactive
    not-available unknown bad exhausted open`,
};

const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.split(/\s+/).map(word => [word, meaning as Meaning] as const),
  ),
);

/** `open` says bad of a circuit breaker, and nothing of a door: only a whole status is read so, no word in a text. */
const ONLY_WHOLE = new Set([
  'open',
  'no',
  'live',
  'stale',
  'unknown',
  'active',
  'yes',
  'true',
  'up',
  'red',
  'green',
]);

/** What a whole status means; undefined where nobody knows. */
export const meaningOf = (status: string): Meaning | undefined =>
  MEANINGS.get(
    status
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/, '')
      .replaceAll(/[\s_]+/g, '-'),
  );

/** What a sentence means: the worst of its words. */
export function meaningOfText(text: string): Meaning | undefined {
  const whole = meaningOf(text);
  if (whole) return whole;
  const line = text.toLowerCase().replaceAll(/[\s_]+/g, '-');
  const found = [...MEANINGS].filter(([word]) => !ONLY_WHOLE.has(word) && hasWord(line, word));
  return worst(found.map(([, meaning]) => meaning));
}

const hasWord = (line: string, word: string) => new RegExp(`(?:^|[^a-z])${word}(?:$|[^a-z])`).test(line);

const ORDER: readonly Meaning[] = ['bad', 'soon', 'partly', 'good'];

export const worst = (meanings: readonly Meaning[]): Meaning | undefined =>
  ORDER.find(meaning => meanings.includes(meaning));
