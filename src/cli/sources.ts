import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Project } from '../config/load.ts';

/** The texts of the project's files that `files` names; one that is not there, or no text, is left out. */
export function readSources(root: string, project: Project): Map<string, string> {
  const configs = [project.base, ...Object.values(project.environments)];
  const named = configs.flatMap(({ services }) =>
    Object.values(services).flatMap(({ files }) => files.map(({ source }) => source)),
  );
  const texts = new Map<string, string>();
  for (const source of new Set(named)) {
    const text = readText(resolve(root, source));
    if (text !== undefined) texts.set(source, text);
  }
  return texts;
}

function readText(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_ENCODING_INVALID_ENCODED_DATA'].includes(code ?? ''))
      return undefined;
    throw error;
  }
}
