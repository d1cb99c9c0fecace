import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../platforms/answer.ts';

/** Of all that scripts/build.sh made. */
export const SUMS = 'SHA256SUMS';

/** The version that they were built as; builds of before had none. */
const VERSION = 'VERSION';

/** What scripts/build.sh made, but for what is for other systems, by file: the checksum, which was compared with the file. */
export async function checksumsOf(
  folder: string,
  tag: string,
  isElsewhere: RegExp,
): Promise<Answer<Readonly<Record<string, string>>>> {
  const again = `build it: scripts/build.sh --tag ${tag}`;
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => undefined);
  if (text === undefined) return { obstacle: { why: `${join(folder, SUMS)} is missing`, next: again } };
  const sums = [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(
    ([, sum = '', file = '']) => [file, sum] as const,
  );
  const wanted = sums.filter(([file]) => !isElsewhere.test(file));
  for (const [file, sum] of wanted) {
    const found = await sha256(join(folder, file));
    if (found !== sum)
      return {
        obstacle: {
          why: `${join(folder, file)} is ${found === undefined ? 'missing' : `not what ${SUMS} says`}`,
          next: again,
        },
      };
  }
  const built = sums.some(([file]) => file === VERSION)
    ? (await readFile(join(folder, VERSION), 'utf8')).trim()
    : undefined;
  if (built !== undefined && built !== tag)
    return {
      obstacle: {
        why: `what is in ${folder} was built as ${built}, not as ${tag}`,
        next: `${again}, or deploy ${built}`,
      },
    };
  // It says what the files are; it is none of them.
  return { value: Object.fromEntries(wanted.filter(([file]) => file !== VERSION)) };
}

async function sha256(path: string): Promise<string | undefined> {
  const sum = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
    return sum.digest('hex');
  } catch {
    return undefined;
  }
}
