import type { AnyDocument, Document } from '../artifacts/document.ts';
import type { Command } from '../artifacts/shell/script.ts';
import type { Text } from '../artifacts/text.ts';
import type { Context } from './context.ts';

/** Commands of a shell, and what they stand in. */
export interface Shell {
  readonly document: Document<'shell'>;
  /** The artifact around them; a file of their own is its own. */
  readonly host: AnyDocument;
  readonly commands: readonly Command[];
}

const KNOWN = new WeakMap<Context, readonly Shell[]>();

/** Every script of the set: files, steps of workflows, RUN, lines of crontabs, here-documents, blocks of guides. */
export function shellsOf(context: Context): readonly Shell[] {
  const known = KNOWN.get(context);
  if (known) return known;
  const hosts = new Map<Text, AnyDocument>(context.documents.map(each => [each.text, each]));
  const found = context.of('shell').map(document => ({
    document,
    host: (document.text.within && hosts.get(document.text.within)) ?? document,
    commands: document.body.commands,
  }));
  KNOWN.set(context, found);
  return found;
}

/** The commands of the pipe that one stands in, the first one first. */
export function pipeOf(commands: readonly Command[], command: Command): readonly Command[] {
  if (command.pipe.of === 1) return [command];
  const at = commands.indexOf(command);
  const first = commands.findLastIndex(
    (each, i) => i <= at && each.pipe.of === command.pipe.of && each.pipe.index === 0,
  );
  const parts = [];
  for (let i = Math.max(first, 0); i < commands.length && parts.length < command.pipe.of; i++) {
    const each = commands[i];
    if (each?.pipe.of === command.pipe.of && each.pipe.index === parts.length) parts.push(each);
  }
  return parts;
}
