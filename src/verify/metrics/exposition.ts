/**
 * The text format of Prometheus and that of OpenMetrics, as far as a scrape must understand them.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export interface Exposition {
  /** Names of families and of their series. */
  readonly names: ReadonlySet<string>;
  /** Sums of all series of a name. */
  readonly totals: ReadonlyMap<string, number>;
  readonly series: number;
  /** The first line that is none of the format, with its number. */
  readonly fault: string | undefined;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const SAMPLE = new RegExp(
  `^(${NAME})(\\{(?:\\s*${LABEL}\\s*(?:,\\s*${LABEL}\\s*)*,?)?\\s*\\})?[ \\t]+(\\S+)(?:[ \\t]+-?\\d+(?:\\.\\d+)?)?(?:[ \\t]+# .*)?$`,
);
const COMMENT = new RegExp(`^#(?:\\s*$| (?:HELP|UNIT) ${NAME}(?: .*)?$| TYPE (${NAME}) (\\w+)$| EOF$)`);
const PLAIN_COMMENT = /^#(?! ?(?:HELP|TYPE|UNIT|EOF)\b)/;
const TYPES = /^(?:counter|gauge|histogram|summary|untyped|unknown|info|stateset|gaugehistogram)$/;

export function readExposition(text: string): Exposition {
  const names = new Set<string>();
  const totals = new Map<string, number>();
  const seen = new Set<string>();
  let fault: string | undefined;
  const blame = (number: number, why: string, line: string) => {
    fault ??= `line ${number}: ${why}: ${line.slice(0, 100)}`;
  };
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    if (line === '' || PLAIN_COMMENT.test(line)) continue;
    if (line.startsWith('#')) {
      const [whole, family, type] = COMMENT.exec(line) ?? [];
      if (whole === undefined || (type !== undefined && !TYPES.test(type)))
        blame(i + 1, 'no such comment', line);
      else if (family) names.add(family);
      continue;
    }
    const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    const number = numberOf(value);
    if (name === undefined || number === undefined) blame(i + 1, 'no sample', line);
    else {
      if (seen.has(name + labels)) blame(i + 1, 'the same series again', line);
      seen.add(name + labels);
      names.add(name);
      totals.set(name, (totals.get(name) ?? 0) + number);
    }
  }
  if (text !== '' && !text.endsWith('\n'))
    blame(text.split('\n').length, 'cut off: no line end', text.slice(-60));
  return { names, totals, series: seen.size, fault };
}

function numberOf(value: string): number | undefined {
  if (/^[+-]?Inf$/i.test(value))
    return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(value)) return Number.NaN;
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** A family is there under its own name, or by the series of a histogram or counter. */
export const hasFamily = ({ names }: Exposition, family: string): boolean =>
  [family, family.replace(/_total$/, ''), `${family}_total`, `${family}_count`, `${family}_bucket`].some(
    name => names.has(name),
  );
