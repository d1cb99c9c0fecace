import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../../../platforms/answer.ts';
import type { StoredFile } from '../../../release/release.ts';

/** What is no source: packages, which Node finds above the release, and what other programs keep. */
const LEFT_OUT = /^(?:\..*|node_modules|__pycache__|venv|dist|build|coverage|deploy)$/;
const MOST = 2_000;

/** The sources below a folder of the project, as texts: what a release of the process platform is made of. */
export async function sourcesOf(root: string): Promise<Answer<readonly StoredFile[]>> {
  const files: StoredFile[] = [];
  const folders = ['.'];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (LEFT_OUT.test(entry.name)) continue;
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      const { mode } = await stat(join(root, path));
      files.push({ path, content: await readFile(join(root, path), 'utf8'), mode: mode & 0o777 });
      if (files.length > MOST)
        return {
          obstacle: {
            why: `more than ${MOST} files: too much for a plain process`,
            next: 'deploy it to another platform',
          },
        };
    }
  }
  return { value: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
