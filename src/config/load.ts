import type { z } from 'zod';
import { findContradictions } from './consistency.ts';
import { isMapping, underEnvironment } from './environments.ts';
import { nearest } from './nearest.ts';
import { ConfigError, type Problem } from './problem.ts';
import { type Config, config } from './schema/config.ts';
import { looksSecret } from './schema/secret.ts';
import { parseSource, type Source } from './source.ts';

type Path = readonly (string | number)[];

/** Everything the file says: the base, and the same under each of its environments. */
export interface Project {
  readonly file: string;
  readonly base: Config;
  readonly environments: Readonly<Record<string, Config>>;
}

/** Reads a configuration and every environment in it, or throws a ConfigError that names each problem. */
export function loadConfig(file: string, bytes: Uint8Array): Project {
  const source = parseSource(file, bytes);
  if (source.data === null || source.data === undefined)
    throw problemAt(source, [], 'the file is empty; `aideploy init` writes one');
  if (!isMapping(source.data))
    throw problemAt(source, [], 'a mapping with version, name and services is needed');
  const data = source.data;
  const base = read(source, data, undefined);
  const environments: Record<string, Config> = {};
  for (const name of Object.keys(base.environments)) environments[name] = read(source, data, name);
  return { file, base, environments };
}

/** The configuration that a name given by -e stands for. */
export function chooseEnvironment(project: Project, name: string | undefined): Config {
  if (name === undefined) return project.base;
  const chosen = project.environments[name];
  if (chosen) return chosen;
  const known = Object.keys(project.environments);
  const offer = nearest(name, known);
  const remedy = offer
    ? `did you mean "${offer}"?`
    : known.length > 0
      ? `known: ${known.join(', ')}`
      : 'the file has none';
  throw new ConfigError([
    {
      path: ['environments'],
      message: `no environment "${name}"; ${remedy}`,
      file: project.file,
      line: 1,
      column: 1,
    },
  ]);
}

function read(source: Source, data: Record<string, unknown>, environment: string | undefined): Config {
  const merged = withEmptySections(underEnvironment(data, environment));
  const result = config.safeParse(merged);
  const locate = locatorFor(source, environment);
  if (!result.success)
    throw new ConfigError(inOrder(result.error.issues.flatMap(issue => fromIssue(issue, merged, locate))));
  const contradictions = findContradictions(result.data).map(({ path, message, value }) => ({
    path,
    message,
    ...(value === undefined ? {} : { value }),
    ...locate(path),
  }));
  if (contradictions.length > 0) throw new ConfigError(inOrder(contradictions));
  return result.data;
}

/** `docker:` with nothing behind it is how people write an empty section. */
function withEmptySections(data: Record<string, unknown>): Record<string, unknown> {
  if (!isMapping(data['targets'])) return data;
  const targets = Object.entries(data['targets']).map(([name, value]) => [name, value ?? {}]);
  return { ...data, targets: Object.fromEntries(targets) };
}

type Place = Pick<Problem, 'file' | 'line' | 'column' | 'environment'>;

function locatorFor(source: Source, environment: string | undefined) {
  return (path: Path, key?: string): Place => {
    const inEnvironment = environment === undefined ? [] : ['environments', environment, ...path];
    const full = key === undefined ? inEnvironment : [...inEnvironment, key];
    if (environment !== undefined && source.has(full))
      return { file: source.file, ...source.locate(inEnvironment, key), environment };
    const place = { file: source.file, ...source.locate(path, key) };
    return environment === undefined ? place : { ...place, environment };
  };
}

type Locate = ReturnType<typeof locatorFor>;

function fromIssue(issue: z.core.$ZodIssue, data: unknown, locate: Locate): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    // One problem a key, so that each has its own line.
    const messages = issue.message
      .split('; unknown key')
      .map((part, i) => (i === 0 ? part : `unknown key${part}`));
    return issue.keys.map((key, i) => ({
      path: [...path, key],
      message: messages[i] ?? issue.message,
      ...locate(path, key),
    }));
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? issue.message;
    return [{ path, message: `"${String(path.at(-1))}" cannot be a name here: ${reason}`, ...locate(path) }];
  }
  if (issue.code === 'invalid_union') {
    const inner = closestBranch(issue.errors);
    if (inner)
      return inner.flatMap(each => fromIssue({ ...each, path: [...issue.path, ...each.path] }, data, locate));
  }
  const value = valueAt(data, path);
  if (value === undefined && issue.code === 'invalid_type')
    return [{ path, message: missing(issue.message), ...locate(path) }];
  return [{ path, message: issue.message, ...shown(value, path), ...locate(path) }];
}

const missing = (message: string) =>
  message.startsWith('Invalid input') ? 'this key is required' : `required: ${message}`;

/** The form that the value was meant to have: the one whose problems lie inside it. */
function closestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const inside = branches.filter(issues =>
    issues.every(
      issue => issue.path.length > 0 || issue.code === 'custom' || issue.code === 'invalid_format',
    ),
  );
  return inside.sort((a, b) => a.length - b.length)[0];
}

function valueAt(data: unknown, path: Path): unknown {
  let value: unknown = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** A value is shown unless it could be a secret that somebody wrote in the wrong place. */
function shown(value: unknown, path: Path): { value?: string } {
  if (value === undefined || path.includes('secrets') || path.includes('notify')) return {};
  const text = JSON.stringify(value) ?? String(value);
  if (looksSecret(text, String(path.at(-1)))) return {};
  return { value: text.length > 60 ? `${text.slice(0, 57)}…` : text };
}

const problemAt = (source: Source, path: Path, message: string) =>
  new ConfigError([{ path, message, file: source.file, ...source.locate(path) }]);

/** Equal problems of several environments are told once, in the order of the file. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
