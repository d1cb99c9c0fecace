import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltService } from '../../../model/model.ts';
import type { Answer } from '../../../platforms/answer.ts';
import type { StoredFile } from '../../release.ts';
import { sourceFiles } from '../../source-files.ts';

/**
 * What is no source: packages, which Node finds above the release, what is built, tests, and what other programs and people
 * read. Other Markdown may be a prompt.
 */
const LEFT_OUT =
  /^(?:\..*|node_modules|__pycache__|venv|dist|build|coverage|deploy|tests?|__tests__|test_.*\.py|.*[._]test\.\w+|(?:CHANGELOG|CONTRIBUTING|LICENSE|README|SECURITY)(?:\.\w+)?|(?:.*\.)?Dockerfile|compose(?:\.\w+)?\.ya?ml|aideploy\.yaml)$/;
const MOST = 2_000;

/** What services are built of, as texts, and the files that they read: what a release of plain processes is made of. */
export async function sourcesOf(
  root: string,
  services: readonly BuiltService[],
): Promise<Answer<readonly StoredFile[]>> {
  const { value: read, obstacle } = await sourceFiles(root, services, 0o644);
  if (obstacle) return { obstacle };
  const mains = services.map(({ source }) => join(source.context, source.main));
  const leadsToStart = (path: string) => mains.some(main => main === path || main.startsWith(`${path}/`));
  const files: StoredFile[] = [];
  const folders = [...new Set(services.map(({ source }) => source.context))];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (LEFT_OUT.test(entry.name) && !leadsToStart(path)) continue;
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
  // One folder may lie in another, and what a service reads in either.
  const kept = new Map([...files, ...read].map(file => [file.path, file]));
  return { value: [...kept.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
