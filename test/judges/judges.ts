/** The tools that a reader of our artifacts would reach for, asked for their opinion. `setup` obtains them. */
import { type ExecFileOptions, execFile, execFileSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, answered } from './answers.ts';

const JUDGES = [
  'actionlint',
  'amtool',
  'check-jsonschema',
  'checkov',
  'chromium',
  'docker-compose',
  'gixy',
  'hadolint',
  'kube-linter',
  'kube-score',
  'kubeconform',
  'kubectl',
  'nginx',
  'promtool',
  'shellcheck',
  'zizmor',
] as const;
export type Judge = (typeof JUDGES)[number];

export interface Finding {
  judge: Judge;
  /** The judge's own name for it, such as DL3008; empty where it has none. */
  rule: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  file: string;
  line: number;
}

const setup = fileURLToPath(new URL('setup', import.meta.url));
const folders = [
  execFileSync(setup, ['path'], { encoding: 'utf8' }).trim(),
  ...(process.env['PATH'] ?? '').split(delimiter),
];

/** The JSON schemas that setup makes, beside the folder of the judges. */
export const SCHEMAS = join(folders[0] ?? '', '../schemas');

/** What judges said is kept here. */
export const ANSWERS = join(folders[0] ?? '', '../answers');

/** The schema of SARIF 2.1.0, as OASIS publishes it. */
export const SARIF_SCHEMA = join(folders[0] ?? '', '../sarif-2.1.0.json');

/** Where a judge's program is. */
export const find = (judge: Judge): string | undefined =>
  folders.map(folder => join(folder, judge)).find(file => existsSync(file));

/** Which programs they all are, since some ask others: of another version another answer is to be had. */
const VERSIONS = [SCHEMAS, ...JUDGES.flatMap(judge => find(judge) ?? [])]
  .filter(file => existsSync(file))
  .map(file => {
    const { size, mtimeMs } = statSync(file);
    return [realpathSync(file), size, mtimeMs];
  });

/**
 * Whether the judge can be asked: `describe.runIf(need('hadolint'))`. A judge that is missing is an error, since
 * a test that nobody ran proves nothing; only AIDEPLOY_ALLOW_MISSING_JUDGES=1 turns it into a skip that says why.
 */
export function need(...judges: Judge[]): boolean {
  const missing = judges.filter(judge => find(judge) === undefined);
  if (missing.length === 0) return true;
  const message = `${missing.join(', ')} missing: test/judges/setup installs it`;
  if (process.env['AIDEPLOY_ALLOW_MISSING_JUDGES'] !== '1') throw new Error(message);
  console.warn(`skipped: ${message}`);
  return false;
}

/** hadolint on one Dockerfile. */
export async function hadolint(file: string): Promise<Finding[]> {
  const { stdout } = await ask('hadolint', ['--no-fail', '--format', 'json', file], { reads: [file] });
  const findings = JSON.parse(stdout) as {
    code: string;
    level: string;
    message: string;
    file: string;
    line: number;
  }[];
  return findings.map(({ code, level, message, line }) =>
    finding('hadolint', code, severityOf(level), message, file, line),
  );
}

/** shellcheck on one script; the dialect comes from its first line. */
export async function shellcheck(file: string): Promise<Finding[]> {
  const { stdout } = await ask('shellcheck', ['--format', 'json1', file], {
    accept: [0, 1],
    reads: [file, join(dirname(file), '.shellcheckrc')].filter(each => existsSync(each)),
  });
  const { comments } = JSON.parse(stdout) as {
    comments: { code: number; level: string; message: string; file: string; line: number }[];
  };
  return comments.map(({ code, level, message, file, line }) =>
    finding('shellcheck', `SC${code}`, severityOf(level), message, file, line),
  );
}

/** promtool or amtool on one file, and what it names beside it: what it says where it does not say yes. */
export async function prometheusTool(
  judge: 'amtool' | 'promtool',
  command: string[],
  file: string,
): Promise<Finding[]> {
  const { code, stdout, stderr } = await ask(judge, [...command, file], {
    accept: [0, 1, 3],
    reads: [dirname(file)],
  });
  return code === 0 ? [] : [finding(judge, '', 'error', `${stdout}${stderr}`.trim(), file, 0)];
}

interface CheckovReport {
  summary?: { passed: number; failed: number; parsing_errors: number };
  results?: {
    failed_checks: {
      check_id: string;
      check_name: string;
      file_path: string;
      file_line_range: [number, number];
    }[];
  };
}

/** checkov on every file of a framework (`dockerfile`, `kubernetes`, `github_actions`, …) below a folder. */
export async function checkov(dir: string, framework: string): Promise<Finding[]> {
  const flags = ['--directory', dir, '--framework', framework];
  // Without --skip-download it asks its makers for more to say about each check; quiet tells what failed only.
  const how = ['--output', 'json', '--quiet', '--soft-fail', '--skip-download'];
  const { stdout } = await ask('checkov', [...flags, ...how], { reads: [dir] });
  const { summary, results } = JSON.parse(stdout) as CheckovReport;
  if (!summary || !results || summary.passed + summary.failed + summary.parsing_errors === 0) {
    throw new Error(`checkov found nothing to check as ${framework} in ${dir}`);
  }
  const unread = Array.from({ length: summary.parsing_errors }, () =>
    finding('checkov', '', 'error', 'a file cannot be parsed', dir, 0),
  );
  const failed = results.failed_checks.map(({ check_id, check_name, file_path, file_line_range }) =>
    finding('checkov', check_id, 'warning', check_name, join(dir, file_path), file_line_range[0]),
  );
  return [...unread, ...failed];
}

export interface ComposeConfig {
  /** The merged and resolved project, undefined where Compose refused it. */
  config?: Record<string, unknown>;
  findings: Finding[];
}

/** `docker compose config`: what Compose makes of these files, with no variable but those given and `.env`. */
export async function composeConfig(
  dir: string,
  files: string[],
  env: Record<string, string> = {},
): Promise<ComposeConfig> {
  const flags = ['--project-directory', dir, ...files.flatMap(file => ['--file', join(dir, file)])];
  const { code, stdout, stderr } = await ask('docker-compose', [...flags, 'config', '--format', 'json'], {
    env: { HOME: dir, ...env },
    accept: [0, 1, 14, 15],
    reads: [dir],
  });
  const warnings = [...stderr.matchAll(/level=warning msg="((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) =>
    finding('docker-compose', '', 'warning', message.replaceAll('\\"', '"'), files.join(' '), 0),
  );
  if (code === 0) return { config: JSON.parse(stdout) as Record<string, unknown>, findings: warnings };
  const message = stderr.replaceAll(/^time=.*level=warning.*\n/gm, '').trim();
  return { findings: [...warnings, finding('docker-compose', '', 'error', message, files.join(' '), 0)] };
}

export interface Asking {
  readonly env?: NodeJS.ProcessEnv;
  readonly accept?: readonly number[];
  /** All that it reads: said again from what was kept as long as it is the same. Left out, it is asked each time. */
  readonly reads?: readonly string[];
}

/** Runs a judge. An exit code other than those accepted means that it could not look. */
export async function ask(
  judge: Judge,
  args: readonly string[],
  { env, accept = [0], reads }: Asking = {},
): Promise<Answer> {
  const program = find(judge);
  if (!program) throw new Error(`${judge} is missing: test/judges/setup installs it`);
  const asking = async () => {
    const answer = await run(program, args, env);
    if (accept.includes(answer.code)) return answer;
    throw new Error(
      `${judge} ${args.join(' ')} exited with ${answer.code}:\n${answer.stdout}${answer.stderr}`,
    );
  };
  return reads ? answered(ANSWERS, { asked: [program, args, env, VERSIONS], reads }, asking) : asking();
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv | undefined): Promise<Answer> {
  const options: ExecFileOptions = { ...(env && { env }), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  return new Promise(resolve => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout: `${stdout}`, stderr: `${stderr}` });
    });
  });
}

export function finding(
  judge: Judge,
  rule: string,
  severity: Finding['severity'],
  message: string,
  file: string,
  line: number,
): Finding {
  return { judge, rule, severity, message, file, line };
}

function severityOf(level: string): Finding['severity'] {
  return level === 'error' || level === 'warning' ? level : 'info';
}
