import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from './bytes.ts';
import { WorkspaceError } from './errors.ts';
import { locate, readState } from './locate.ts';
import { FOLDER } from './state.ts';

const TEMPLATES = `${FOLDER}/templates`;

/** Sources of the project's own templates, by the names of those that they replace. */
export async function readOverrides(root: string): Promise<Map<string, string>> {
  const { absolute } = await locate(root, `${TEMPLATES}/any`).then(found => ({
    absolute: join(found.absolute, '..'),
  }));
  const names = await readdir(absolute, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return [];
    },
  );
  const overrides = new Map<string, string>();
  for (const entry of names) {
    if (!entry.name.endsWith('.hbs') || entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name)
      .slice(absolute.length + 1)
      .replaceAll('\\', '/');
    const file = await readState(root, `${TEMPLATES}/${path}`);
    const source = file && textOf(file.bytes);
    if (source === undefined)
      throw new WorkspaceError(`${TEMPLATES}/${path}: not a UTF-8 text; save it as one`);
    overrides.set(path.slice(0, -'.hbs'.length), source);
  }
  return new Map([...overrides].sort(([a], [b]) => (a < b ? -1 : 1)));
}
