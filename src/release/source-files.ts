import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '../model/model.ts';
import type { Answer } from '../platforms/answer.ts';
import type { StoredFile } from './release.ts';

/** The project's files that services read go with a release, as they were then; `mode` is that of what is no program. */
export async function sourceFiles(
  root: string,
  services: readonly Pick<Service, 'files'>[],
  mode: number,
): Promise<Answer<readonly StoredFile[]>> {
  const files: StoredFile[] = [];
  for (const source of new Set(services.flatMap(service => service.files.map(each => each.source)))) {
    const path = join(root, source);
    const content = await readFile(path, 'utf8').catch(() => undefined);
    if (content === undefined)
      return {
        obstacle: { why: `${source} is missing`, next: 'a service reads it: files in aideploy.yaml' },
      };
    const runs = ((await stat(path)).mode & 0o100) !== 0;
    files.push({
      path: source.replace(/^\.\//, ''),
      content,
      mode: runs ? mode | ((mode & 0o444) >> 2) : mode,
    });
  }
  return { value: files };
}
