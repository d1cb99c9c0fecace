import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUMS } from '../../checksums.ts';

/** What is for no host with systemd. */
export const ELSEWHERE = /-(?:darwin|windows)-[^/]*$/;
const PROGRAM = /-linux-([^/]+)$/;

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
