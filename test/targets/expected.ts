import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Artifact } from '../../src/artifacts/artifact.ts';

const DEFAULT_MODE = 0o644;

/** Files by path. A mode other than the usual one stands before the content, as git knows only one bit of it. */
export type Files = Readonly<Record<string, string>>;

const modeOf = (artifact: Artifact) => artifact.mode ?? DEFAULT_MODE;

export function filesOf(artifacts: readonly Artifact[]): Files {
  return Object.fromEntries(artifacts.map(artifact => [artifact.path, artifact.content]));
}

/** `755 scripts/build.sh`, one line for each file that is not 644. */
export const modesOf = (artifacts: readonly Artifact[]): string =>
  artifacts
    .filter(artifact => modeOf(artifact) !== DEFAULT_MODE)
    .map(artifact => `${modeOf(artifact).toString(8)} ${artifact.path}\n`)
    .join('');

export function readExpected(folder: string): { files: Files; modes: string } {
  const modes = join(folder, 'modes.txt');
  return {
    files: Object.fromEntries(
      filesBelow(join(folder, 'expected')).map(path => [
        relative(join(folder, 'expected'), path).split(sep).join('/'),
        readFileSync(path, 'utf8'),
      ]),
    ),
    modes: existsSync(modes) ? readFileSync(modes, 'utf8') : '',
  };
}

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

export function writeExpected(folder: string, artifacts: readonly Artifact[]): void {
  rmSync(join(folder, 'expected'), { recursive: true, force: true });
  rmSync(join(folder, 'modes.txt'), { force: true });
  for (const artifact of artifacts) {
    const path = join(folder, 'expected', artifact.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, artifact.content);
    chmodSync(path, modeOf(artifact) & 0o100 ? 0o755 : 0o644);
  }
  const modes = modesOf(artifacts);
  if (modes !== '') writeFileSync(join(folder, 'modes.txt'), modes);
}
