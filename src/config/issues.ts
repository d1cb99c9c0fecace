import type { z } from 'zod';
import type { Problem } from './problem.ts';
import { looksSecret, redacted } from './schema/secret.ts';
import { MOST_KEYS } from './schema/section.ts';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;
type Found = Pick<Problem, 'path' | 'message' | 'value'> & { readonly key?: string };

/** What the schema found, in words for the person who wrote the file; each still without its place. */
export function problemsOf(issue: Issue, data: unknown): Found[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, path);
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? issue.message;
    const name = String(path.at(-1));
    const safe = [...path.slice(0, -1), redacted(name)];
    return [{ path: safe, key: name, message: `"${redacted(name)}" cannot be a name here: ${reason}` }];
  }
  const value = valueAt(data, path);
  if (value === null)
    return [{ path, message: 'nothing stands behind this key; give it a value, or remove it' }];
  if (issue.code === 'invalid_union') {
    const inner = closestForm(issue.errors);
    if (inner)
      return inner.flatMap(each => problemsOf({ ...each, path: [...issue.path, ...each.path] }, data));
  }
  if (value === undefined && issue.code === 'invalid_type')
    return [{ path, message: required(issue.message) }];
  return [{ path, message: inWords(issue), ...shownValue(value, path) }];
}

/** One problem a key, so that each has its own line. */
function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, path: Path): Found[] {
  const messages = issue.message.split('\n');
  return issue.keys
    .slice(0, MOST_KEYS)
    .map((key, i) => ({ path: [...path, redacted(key)], key, message: messages[i] ?? issue.message }));
}

const isPlain = (message: string) => /^(?:Invalid|Too (?:small|big))\b/.test(message);

const required = (message: string) => (isPlain(message) ? 'this key is required' : `required: ${message}`);

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list is needed here, such as [a, b]',
  boolean: 'true or false is needed here',
  int: 'a whole number is needed here',
  number: 'a number is needed here',
  object: 'a mapping is needed here, with `key: value` in it',
  record: 'a mapping is needed here, with `key: value` in it',
  string: 'text is needed here; quote it if it looks like something else',
};

/** The schema's own messages are ours already; the library's say what is wrong, not what to write. */
function inWords(issue: Issue): string {
  if (!isPlain(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return KINDS[issue.expected] ?? issue.message;
  if (issue.code === 'too_small')
    return issue.origin === 'array'
      ? `at least ${issue.minimum} is needed here`
      : `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

/** The form that a value was meant to have: the one whose problems lie inside it. */
function closestForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = forms.filter(issues => issues.every(issue => issue.path.length > 0 || isInside(issue)));
  return meant.sort((a, b) => a.length - b.length)[0];
}

const isInside = (issue: Issue) =>
  ['custom', 'invalid_format', 'too_big', 'unrecognized_keys'].includes(issue.code);

export function valueAt(data: unknown, path: Path): unknown {
  let value: unknown = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** One value is shown, unless it could be a secret in the wrong place; whole sections are in the file. */
export function shownValue(value: unknown, path: Path): { value?: string } {
  if (value === undefined || typeof value === 'object') return {};
  if (path.includes('secrets') || path.includes('notify')) return {};
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (looksSecret(text, String(path.at(-1))) || /passw|secret|token|credential|api_?key/i.test(text))
    return {};
  return { value: text.length > 60 ? `${text.slice(0, 57)}...` : text };
}
