import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../../../platforms/answer.ts';

const SUMS = 'SHA256SUMS';
/** What is for no host with systemd. */
const ELSEWHERE = /-(?:darwin|windows)-[^/]*$/;
const PROGRAM = /-linux-([^/]+)$/;

/** What scripts/build.sh made for hosts, by file: the checksum, which was compared with the file. */
export async function checksumsOf(
  folder: string,
  tag: string,
): Promise<Answer<Readonly<Record<string, string>>>> {
  const again = `build it: scripts/build.sh --tag ${tag}`;
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => undefined);
  if (text === undefined) return { obstacle: { why: `${join(folder, SUMS)} is missing`, next: again } };
  const sums = [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(
    ([, sum = '', file = '']) => [file, sum] as const,
  );
  const wanted = sums.filter(([file]) => !ELSEWHERE.test(file));
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
  return { value: Object.fromEntries(wanted) };
}

/** The files that a machine such as this one (`uname -m`) is brought, and their checksums. */
export async function filesFor(
  folder: string,
  checksums: Readonly<Record<string, string>>,
  machine: string,
): Promise<{ path: string; content: Buffer; mode: number }[]> {
  const arch = { x86_64: 'amd64', aarch64: 'arm64' }[machine] ?? machine;
  const names = Object.keys(checksums).filter(file => (PROGRAM.exec(file)?.[1] ?? arch) === arch);
  return Promise.all(
    [...names, SUMS].map(async path => ({ path, content: await readFile(join(folder, path)), mode: 0o644 })),
  );
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
