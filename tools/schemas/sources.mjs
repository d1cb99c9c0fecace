// Where the schemas come from: packages of a pinned version, fetched by the ordinary clients of their registries.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const folder = mkdtempSync(join(tmpdir(), 'aideploy-schemas-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The folder of a Go module. */
export function goModule(name, version) {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${name}@v${version}`], {
    encoding: 'utf8',
    cwd: folder,
  });
  return JSON.parse(answer).Dir;
}

/** The folder that a package of PyPI is unpacked to, without what it needs. */
export function pythonPackage(name, version) {
  const target = join(folder, name);
  const flags = ['--quiet', '--no-deps', '--no-compile', '--root-user-action', 'ignore', '--target', target];
  execFileSync('python3', ['-m', 'pip', 'install', ...flags, `${name}==${version}`], { stdio: 'inherit' });
  return target;
}

export const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

/** The CustomResourceDefinitions in the files of a folder. */
export function definitionsIn(path, pattern) {
  const files = readdirSync(path).filter(name => pattern.test(name));
  return files.sort().flatMap(name =>
    parseAllDocuments(readFileSync(join(path, name), 'utf8'), { logLevel: 'silent' })
      .map(document => document.toJS())
      .filter(each => each?.kind === 'CustomResourceDefinition'),
  );
}
