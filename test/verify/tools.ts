/** Programs that answer as they are told: what a tool of a platform says where there is no such platform. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';
import { atEnd } from '../cleanup.ts';

export interface Saying {
  /** Of the arguments, joined by blanks. */
  readonly asked: RegExp;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/** Puts programs before all others in the PATH. What none of the answers is for ends with 99. */
export async function tools(programs: Readonly<Record<string, readonly Saying[]>>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-tools-'));
  atEnd(() => rm(folder, { recursive: true }));
  for (const [name, sayings] of Object.entries(programs)) {
    const table = sayings.map(({ asked, ...answer }) => ({ ...answer, asked: asked.source }));
    await writeFile(join(folder, `${name}.json`), JSON.stringify(table));
    const script = `#!${process.execPath}
const said = require(${JSON.stringify(join(folder, `${name}.json`))}).find(({ asked }) => new RegExp(asked).test(process.argv.slice(2).join(' ')));
process.stdout.write(said?.stdout ?? '');
process.stderr.write(said?.stderr ?? '');
process.exitCode = said ? said.code ?? 0 : 99;
`;
    await writeFile(join(folder, name), script);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
}
