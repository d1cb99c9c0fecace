import { isAbsolute } from 'node:path';
import type { Circumstances } from '../../check/assemble.ts';
import { type Examined, judged } from '../../check/check.ts';
import { fixed } from '../../check/fix.ts';
import type { Diagnostic } from '../../check/run.ts';
import { writeFileAtomic } from '../../workspace/write.ts';
import type { Context } from '../context.ts';

/** Some edits overlap and wait for the next round; one that never comes to an end is given up. */
const ROUNDS = 5;

type Judge = (examined: Examined) => readonly Diagnostic[];

/** Makes the edits, writes what changed, and looks again at what became of it. */
export async function fixing(
  context: Context,
  first: Examined,
  judge: Judge,
  level: 'safe' | 'unsafe',
  circumstances: Circumstances,
): Promise<Examined> {
  let examined = first;
  let count = 0;
  const changed = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { collected } = examined;
    const able = new Map(
      collected.files
        .filter(file => !file.lossy && !isAbsolute(file.path))
        .map(file => [file.path, file.content]),
    );
    const { contents, applied } = fixed(judge(examined), level, file => able.get(file));
    if (applied.length === 0) break;
    const files = collected.files.map(file => ({
      ...file,
      content: contents.get(file.path) ?? file.content,
    }));
    const next = await judged({ ...collected, files }, new Set(), circumstances);
    // What no longer parses was no fix: nothing of this round is kept.
    if (broken(next) > broken(examined)) break;
    examined = next;
    count += applied.length;
    for (const [file, content] of contents) changed.set(file, content);
  }
  const modes = new Map(first.collected.files.map(file => [file.path, file.mode]));
  for (const [file, content] of changed) await writeFileAtomic(context.root, file, content, modes.get(file));
  const files = `${changed.size} ${changed.size === 1 ? 'file' : 'files'}`;
  context.note(
    count === 0 ? 'nothing to fix' : `fixed ${count} ${count === 1 ? 'finding' : 'findings'} in ${files}`,
  );
  return examined;
}

const broken = ({ context }: Examined): number =>
  context.complaints.filter(each => each.rule === 'file/unreadable').length;
