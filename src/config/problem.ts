/** What is wrong with a configuration, and where: one value from the schema to the terminal. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The value found, shortened; absent where it could be a secret. */
  readonly value?: string;
  /** The environment whose merge brought it, if any. */
  readonly environment?: string;
}

/** The question was wrong: every problem that was found, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
  }
}

export function describeProblem(problem: Problem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path.length > 0 ? `${formatPath(problem.path)}: ` : '';
  const found = problem.value === undefined ? '' : ` (found ${problem.value})`;
  const from = problem.environment ? ` [environment ${problem.environment}]` : '';
  return `${where}: ${path}${problem.message}${found}${from}`;
}

const formatPath = (path: readonly (string | number)[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
