import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, run } from '../exec/run.ts';
import { firstLine } from './probe.ts';
import type { ProjectCheck } from './tool.ts';
import { reaches } from './version.ts';

/** As package.json says in `engines`. */
const NODE = '20.19';
const COMPOSE_FILES = ['compose.yaml', 'compose.prod.yaml'];

export function checkNode(version: string = process.versions.node): ProjectCheck {
  if (reaches(version, NODE))
    return { id: 'node', status: 'ok', message: `aideploy runs on Node ${version}` };
  return {
    id: 'node',
    status: 'failed',
    message: `aideploy runs on Node ${version}, which is too old`,
    hint: `${NODE} or later is needed`,
  };
}

/** What git makes of the project: the tag of a release, and which files it keeps. */
export async function checkGit(root: string, needsTag: boolean): Promise<ProjectCheck[]> {
  const inside = await git(root, 'rev-parse', '--is-inside-work-tree');
  if (inside.status === 'missing') return [];
  if (inside.status !== 'ok') {
    const hint = 'run git init: what was rendered is meant to be committed';
    const said = firstLine(inside.stderr);
    return /not a git repository/i.test(said)
      ? [{ id: 'git', status: 'warning', message: 'the project is in no git repository', hint }]
      : [{ id: 'git', status: 'warning', message: `git cannot read the project: ${said || inside.message}` }];
  }
  const checks = [checkSecretsIgnored(root), checkStateKept(root)];
  return Promise.all(needsTag ? [checkTag(root), ...checks] : checks);
}

async function checkTag(root: string): Promise<ProjectCheck> {
  const described = await git(root, 'describe', '--tags', '--always');
  if (described.status === 'ok')
    return { id: 'tag', status: 'ok', message: `git describe says ${described.stdout.trim()}` };
  return {
    id: 'tag',
    status: 'warning',
    message: `git has no tag to offer: ${firstLine(described.stderr) || described.message}`,
    hint: 'commit something, or say --tag or $AIDEPLOY_TAG',
  };
}

async function checkSecretsIgnored(root: string): Promise<ProjectCheck> {
  const [tracked, ignored] = await Promise.all([
    git(root, 'ls-files', '--error-unmatch', '--', '.env'),
    git(root, 'check-ignore', '--quiet', '--', '.env'),
  ]);
  const found = (status: ProjectCheck['status'], message: string, hint?: string): ProjectCheck => ({
    id: 'env-ignored',
    status,
    message,
    ...(hint === undefined ? {} : { hint }),
  });
  if (tracked.status === 'ok')
    return found(
      'failed',
      'git keeps .env, which holds secrets',
      'git rm --cached .env, and replace the secrets in it',
    );
  if (ignored.status === 'ok') return found('ok', 'git ignores .env');
  const exists = (await textOf(join(root, '.env'))) !== undefined;
  return found(
    exists ? 'failed' : 'warning',
    'git does not ignore .env, which holds secrets',
    'add .env to .gitignore',
  );
}

async function checkStateKept(root: string): Promise<ProjectCheck> {
  const ignored = await git(root, 'check-ignore', '--quiet', '--', '.aideploy/manifest.json');
  if (ignored.status !== 'ok') return { id: 'state-kept', status: 'ok', message: 'git keeps .aideploy' };
  return {
    id: 'state-kept',
    status: 'warning',
    message: 'git ignores .aideploy, so another clone cannot merge hand edits',
    hint: 'take .aideploy out of .gitignore and commit it',
  };
}

const git = (cwd: string, ...args: string[]): Promise<Outcome> =>
  run(
    { program: 'git', args, cwd, env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' } },
    { timeout: 3_000, output: 64 * 1024 },
  );

/** Variables that the compose files refuse to start without; their names alone are ever read out. */
export async function checkVariables(root: string): Promise<ProjectCheck | undefined> {
  const files = await Promise.all(COMPOSE_FILES.map(file => textOf(join(root, file))));
  const required = new Set(files.flatMap(text => requiredVariables(text ?? '')));
  if (required.size === 0) return undefined;
  const set = settings((await textOf(join(root, '.env'))) ?? '');
  const missing = [...required].filter(name => !set.has(name) && !process.env[name]).sort();
  if (missing.length === 0)
    return { id: 'variables', status: 'ok', message: 'every variable that compose asks for is set' };
  return {
    id: 'variables',
    status: 'warning',
    message: `not set for compose: ${missing.join(', ')}`,
    hint: 'copy .env.example to .env and fill it in; AIDEPLOY_TAG is for production alone',
    names: missing,
  };
}

/** `${NAME:?…}`, unless its dollar sign is doubled. */
export function requiredVariables(compose: string): string[] {
  const names = compose.matchAll(/(\$+)\{([A-Za-z_]\w*):?\?/g);
  return [...names].flatMap(([, dollars = '', name = '']) => (dollars.length % 2 === 1 ? [name] : []));
}

function settings(env: string): Set<string> {
  const lines = env.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/gm);
  const filled = [...lines].filter(([, , value = '']) => !/^(?:|''|"")\s*(?:#.*)?$/.test(value));
  return new Set(filled.map(([, name = '']) => name));
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
