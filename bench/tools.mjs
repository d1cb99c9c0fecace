import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const HELM = {
  name: 'helm',
  module: 'helm.sh/helm/v3',
  main: 'helm.sh/helm/v3/cmd/helm',
  version: 'v3.18.6',
};
export const KOMPOSE = {
  name: 'kompose',
  module: 'github.com/kubernetes/kompose',
  main: 'github.com/kubernetes/kompose',
  version: 'v1.37.0',
};

export const GOSS = {
  name: 'goss',
  module: 'github.com/goss-org/goss',
  main: 'github.com/goss-org/goss/cmd/goss',
  version: 'v0.4.9',
};

const MINUTES = 60_000;

/** Why a tool cannot be had. */
export class Unobtainable extends Error {}

/** Builds a program from its Go module, once; returns where it is. */
export function obtain({ name, main, version }, note) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'aideploy-bench', `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  note(`building ${name} ${version} from its Go module, once; this takes minutes`);
  mkdirSync(folder, { recursive: true });
  // `go install` refuses a module that replaces others; as a dependency of this one it builds.
  writeFileSync(join(folder, 'go.mod'), 'module aideploy-bench\n\ngo 1.24\n');
  go(name, folder, ['get', `${main}@${version}`]);
  go(name, folder, ['build', '-mod=mod', '-ldflags=-s -w', '-o', `${program}.new`, main]);
  renameSync(`${program}.new`, program);
  return program;
}

function go(name, cwd, args) {
  const { error, status, stderr } = spawnSync('go', args, { cwd, encoding: 'utf8', timeout: 20 * MINUTES });
  if (error?.code === 'ENOENT') throw new Unobtainable(`${name} is built with go, which is not here`);
  if (error) throw new Unobtainable(`${name} could not be built: ${error.message}`);
  if (status !== 0) throw new Unobtainable(`${name} could not be built: ${lastLine(stderr)}`);
}

const lastLine = text => text.trim().split('\n').at(-1) ?? '';
