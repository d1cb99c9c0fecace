import { LEVEL_KEYS, MESSAGE_KEYS, type Sample } from '../../artifacts/sample/sample.ts';
import type { Word } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { callsOf, pipeOf } from '../scripts.ts';

/** What somebody searches a log for: a key of JSON and its value, as the pattern spells them. */
interface LogPattern {
  readonly raw: string;
  readonly key: string;
  /** Between the key and its value; undefined where the pattern leaves that open. */
  readonly gap: string | undefined;
  readonly value: string | undefined;
  readonly folded: boolean;
  readonly at: Place;
}

const GREP = ['grep', 'egrep', 'fgrep', 'zgrep', 'rg'];
const LOGS = /^(?:docker|docker-compose|podman|kubectl|journalctl|stern|tail|cat|zcat|gcloud)$/;

/** Patterns that a log is searched for, by grep and by jq. */
export const logPatterns = (context: Context): readonly LogPattern[] =>
  [...GREP, 'jq'].flatMap(name =>
    callsOf(context, name)
      .filter(call => {
        const words = call.command.words.map(word => word.raw).join(' ');
        const before = pipeOf(call)[0];
        const source =
          before && before !== call
            ? `${before.name} ${before.command.words.map(word => word.raw).join(' ')}`
            : '';
        return (
          /\.log\b|\/var\/log\//.test(words) ||
          (LOGS.test(source.split(' ')[0] ?? '') &&
            /\blogs?\b|\.log\b|\/var\/log\/|journalctl|stern/.test(source))
        );
      })
      .flatMap(call => {
        const folded = call.command.words.some(word => /^-[a-zA-Z]*i|^--ignore-case$/.test(word.raw));
        return call.command.words
          .slice(1)
          .flatMap(word => (name === 'jq' ? ofJq(word) : ofGrep(word)))
          .map(({ start, ...pattern }) => ({
            ...pattern,
            folded,
            at: call.shell.document.text.place(start),
          }));
      }),
  );

type Draft = Omit<LogPattern, 'at' | 'folded'> & { readonly start: number };

/** `"level":"error"`, with whatever stands between: no regular expression is evaluated here. */
function ofGrep({ value, start }: Word): Draft[] {
  const [raw, key, gap = '', quoted] =
    /"([\w.@-]+)"(\s*:\s*)(?:"([^"\\*+?.|()[\]]*)")?/.exec(value?.replace(/\\"/g, '"') ?? '') ?? [];
  return raw && key ? [{ raw, key, gap, value: quoted, start }] : [];
}

/** `select(.level == "error")`. */
function ofJq({ value, start }: Word): Draft[] {
  const [raw, key, wanted] = /select\(\s*\.([A-Za-z_]\w*)\s*==\s*"([^"]*)"/.exec(value ?? '') ?? [];
  return raw && key ? [{ raw, key, gap: undefined, value: wanted, start }] : [];
}

/** Why it can match none of the entries; undefined where it may. */
export function missOf(pattern: LogPattern, samples: readonly Sample[]): string | undefined {
  const fold = (text: string) => (pattern.folded ? text.toLowerCase() : text);
  const entries = samples.flatMap(({ root, line }) => {
    const entry = [...root.entries.values()].find(({ key }) => fold(key.source) === fold(pattern.key));
    return entry ? [{ entry, line }] : [];
  });
  if (entries.length === 0) return otherKey(pattern.key, samples);
  const { gap } = pattern;
  const gaps = entries.flatMap(({ entry, line }) =>
    line === undefined ? [] : [gapOf(entry.key.end, entry.value.start, entry.key.text.content)],
  );
  if (gap !== undefined && gaps.length > 0 && gaps.length === entries.length && !gaps.includes(gap))
    return `it spells ${JSON.stringify(gap)} between key and value, and the sample ${JSON.stringify(gaps[0])}`;
  return pattern.folded
    ? undefined
    : otherCase(
        pattern,
        entries.map(({ entry: { value } }) => (value.kind === 'scalar' ? value.source : '')),
      );
}

/** What stands between a key and its value: the key's end may be before its quote. */
const gapOf = (end: number, start: number, content: string): string =>
  content.slice(end, start).replace(/^"/, '');

/** An entry has one key for its level and one for its text; any other key may stand in some entries alone. */
function otherKey(key: string, samples: readonly Sample[]): string | undefined {
  const group = [LEVEL_KEYS, MESSAGE_KEYS].find(keys => keys.has(key.toLowerCase()));
  const written = samples.map(({ root }) =>
    [...root.entries.keys()].find(each => group?.has(each.toLowerCase())),
  );
  return group && written[0] !== undefined && written.every(each => each !== undefined)
    ? `entries have no ${key}, but ${written[0]}`
    : undefined;
}

/** Levels are written in one case: of `info` the error is `error`. */
function otherCase({ value }: LogPattern, seen: readonly string[]): string | undefined {
  if (!value || !/^(?:debug|info|warn|warning|error|fatal|critical|panic)$/i.test(value)) return undefined;
  const caseOf = (text: string) =>
    text === text.toLowerCase() ? 'lower' : text === text.toUpperCase() ? 'upper' : 'other';
  const cases = new Set(seen.map(caseOf));
  return seen.every(text => /^[a-z]+$/i.test(text)) && !cases.has(caseOf(value))
    ? `it asks for ${value}, and the sample writes ${seen[0]}`
    : undefined;
}
