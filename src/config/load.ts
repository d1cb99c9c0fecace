import { findContradictions } from './consistency.ts';
import { isMapping, underEnvironment } from './environments.ts';
import { problemsOf, shownValue, valueAt } from './issues.ts';
import { nearest } from './nearest.ts';
import { ConfigError, type Problem } from './problem.ts';
import { type Config, config } from './schema/config.ts';
import { parseSource, type Source } from './source.ts';

type Mapping = Record<string, unknown>;
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
  if (isProblems(base)) throw new ConfigError(inOrder(base));
  // An environment that changes nothing is the base; it need not be read again.
  const all = Object.entries(base.environments).map(
    ([name, over]) => [name, isEmpty(over) ? base : read(source, data, name)] as const,
  );
  const problems = all.flatMap(([, each]) => (isProblems(each) ? each : []));
  if (problems.length > 0) throw new ConfigError(inOrder(problems));
  return { file, base, environments: Object.fromEntries(all) as Record<string, Config> };
}

const isEmpty = (over: object | null): boolean => over === null || Object.keys(over).length === 0;

/** The configuration that a name given by -e stands for. */
export function chooseEnvironment(project: Project, name: string | undefined): Config {
  if (name === undefined) return project.base;
  const chosen = Object.hasOwn(project.environments, name) ? project.environments[name] : undefined;
  if (chosen) return chosen;
  // Where the file does not name it, production is what the file says.
  if (name === 'production') return project.base;
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

/** Beyond these nobody reads on, and finding each one's place takes time. */
const ENOUGH = 1_000;

/** The configuration under one environment, or what is wrong with it. */
function read(source: Source, data: Mapping, environment: string | undefined): Config | readonly Problem[] {
  const merged = withEmptySections(underEnvironment(data, environment));
  const result = config.safeParse(merged);
  const locate = locatorFor(source, environment);
  if (!result.success)
    return result.error.issues
      .flatMap(issue => problemsOf(issue, merged))
      .slice(0, ENOUGH)
      .map(({ key, ...problem }) => ({
        ...problem,
        ...locate(key ? problem.path.slice(0, -1) : problem.path, key),
      }));
  const contradictions = findContradictions(result.data, environment).slice(0, ENOUGH);
  if (contradictions.length === 0) return result.data;
  return contradictions.map(({ path, message, value }) => ({
    path,
    message,
    // As it is written, where it is; a default has only the value that was computed.
    ...(value === undefined ? {} : { value, ...shownValue(valueAt(merged, path), path) }),
    ...locate(path),
  }));
}

/** `docker:` with nothing behind it is how people write an empty section. */
function withEmptySections(data: Mapping): Mapping {
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

const problemAt = (source: Source, path: Path, message: string) =>
  new ConfigError([{ path, message, file: source.file, ...source.locate(path) }]);

const isProblems = (result: Config | readonly Problem[]): result is readonly Problem[] =>
  Array.isArray(result);

/** A file that is wrong throughout needs no list of everything. */
const MOST_PROBLEMS = 100;

/** What stands first in the file is told first, and what several environments share is told once. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const different = new Map(
    problems.map(problem => [
      `${problem.line}:${problem.column}:${problem.path.join('.')}:${problem.message}`,
      problem,
    ]),
  );
  const sorted = [...different.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  const last = sorted[MOST_PROBLEMS - 1];
  if (!last || sorted.length === MOST_PROBLEMS) return sorted;
  const { value: _, ...place } = last;
  const message = `and ${sorted.length - MOST_PROBLEMS} more problems below`;
  return [...sorted.slice(0, MOST_PROBLEMS), { ...place, path: [], message }];
}
