import type { AnyDocument, Document } from '../artifacts/document.ts';
import { type Command, nameOf, unwrapped, type Word } from '../artifacts/shell/script.ts';
import type { Place, Text } from '../artifacts/text.ts';
import { at, textOfNode, textWithin } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';

/** Commands of a shell, and what they stand in. */
export interface Shell {
  readonly document: Document<'shell'>;
  /** The artifact around them; a file of their own is its own. */
  readonly host: AnyDocument;
  readonly calls: readonly Call[];
}

/** A command as it is called. */
export interface Call {
  readonly shell: Shell;
  /** As it is written, and without sudo, env, timeout and the like. */
  readonly whole: Command;
  readonly command: Command;
  readonly name: string;
  readonly at: Place;
}

const KNOWN = new WeakMap<Context, readonly Shell[]>();

/** Every script of the set: files, steps of workflows, RUN, lines of crontabs, here-documents, blocks of guides. */
export function shellsOf(context: Context): readonly Shell[] {
  const known = KNOWN.get(context);
  if (known) return known;
  const hosts = new Map<Text, AnyDocument>(context.documents.map(each => [each.text, each]));
  const found = context.of('shell').map(document => {
    const host = document.text.within && hosts.get(document.text.within);
    return shellOf(document, host ?? document);
  });
  KNOWN.set(context, found);
  return found;
}

function shellOf(document: Document<'shell'>, host: AnyDocument): Shell {
  const calls: Call[] = [];
  const shell = { document, host, calls };
  for (const whole of document.body.commands) {
    const command = inner(unwrapped(whole));
    calls.push({ shell, whole, command, name: nameOf(command), at: document.text.place(whole.start) });
  }
  return shell;
}

/** Without what only says how long, how eagerly or how alone it runs. */
function inner(command: Command): Command {
  const name = nameOf(command);
  const skip =
    name === 'timeout' || name === 'flock'
      ? 1
      : /^(?:nice|ionice|chronic|stdbuf|setsid)$/.test(name)
        ? 0
        : -1;
  if (skip === -1) return command;
  let i = 1;
  while (command.words[i]?.raw.startsWith('-')) i += /^-[ncskw]$/.test(command.words[i]?.raw ?? '') ? 2 : 1;
  const words = command.words.slice(i + skip);
  return words.length === 0 ? command : inner(unwrapped({ ...command, words }));
}

const CALLS = new WeakMap<Context, ReadonlyMap<string, readonly Call[]>>();

/** Every call of one of the programs, in the order of the artifacts. */
export function callsOf(context: Context, ...names: readonly string[]): readonly Call[] {
  let known = CALLS.get(context);
  if (!known) {
    known = grouped(allCalls(context));
    CALLS.set(context, known);
  }
  return names.flatMap(name => known.get(name) ?? []);
}

export const allCalls = (context: Context): readonly Call[] =>
  shellsOf(context).flatMap(shell => shell.calls);

function grouped(calls: readonly Call[]): ReadonlyMap<string, readonly Call[]> {
  const found = new Map<string, Call[]>();
  for (const call of calls) {
    const group = found.get(call.name);
    if (group) group.push(call);
    else found.set(call.name, [call]);
  }
  return found;
}

/** The calls of the pipe that one stands in, the first one first. */
export function pipeOf({ shell: { calls }, whole }: Call): readonly Call[] {
  const same = (each: Call | undefined) => each?.whole.pipe.of === whole.pipe.of;
  const at = calls.findIndex(each => each.whole === whole);
  const first = calls.findLastIndex((each, i) => i <= at && same(each) && each.whole.pipe.index === 0);
  const parts: Call[] = [];
  for (let i = Math.max(first, 0); i < calls.length && parts.length < whole.pipe.of; i++) {
    const each = calls[i];
    if (each && same(each) && each.whole.pipe.index === parts.length) parts.push(each);
  }
  return parts;
}

/** Words of a command that are neither its name nor options nor the values of those that are named. */
export function operandsOf(command: Command, ...valued: readonly string[]): readonly Word[] {
  const found: Word[] = [];
  for (let i = 1; i < command.words.length; i++) {
    const word = command.words[i];
    if (!word) continue;
    if (valued.includes(word.raw)) i++;
    else if (!word.raw.startsWith('-')) found.push(word);
  }
  return found;
}

/** A program that the command runs in a container or on another machine: `docker exec db pg_dump …`. */
export function runs(call: Call, programs: RegExp): boolean {
  if (programs.test(call.name)) return true;
  if (!/^(?:docker|docker-compose|podman|kubectl|nerdctl|ssh|oc|su|sh|bash)$/.test(call.name)) return false;
  return call.command.words
    .slice(1)
    .some(({ value, raw }) =>
      (value ?? raw).split(/[\s"']+/).some(each => programs.test(each.split('/').at(-1) ?? '')),
    );
}

/** What the shell is told at its start or by `set`: `e` and `pipefail`. */
export function isSet(shell: Shell, option: 'e' | 'pipefail'): boolean {
  const known = OPTIONS[option].get(shell) ?? asks(shell, option);
  OPTIONS[option].set(shell, known);
  return known;
}

const OPTIONS = { e: new WeakMap<Shell, boolean>(), pipefail: new WeakMap<Shell, boolean>() };

function asks(shell: Shell, option: 'e' | 'pipefail'): boolean {
  const { document, host } = shell;
  const { shebang } = document.body;
  const flags = (text: string) =>
    option === 'e' ? /(?:^|\s)-[a-zA-Z]*e|errexit/.test(text) : /\bpipefail\b/.test(text);
  if (shebang && flags(shebang)) return true;
  if (
    shell.calls.some(
      ({ name, command }) => name === 'set' && flags(command.words.map(word => word.raw).join(' ')),
    )
  )
    return true;
  // https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell
  if (host.kind === 'workflow')
    return (
      option === 'e' ||
      flags(stepShell(host, document) === 'bash' ? 'pipefail' : (stepShell(host, document) ?? ''))
    );
  if (host.kind === 'dockerfile')
    return host.body.stages.some(stage =>
      stage.instructions.some(
        each => each.keyword === 'SHELL' && flags(each.words.map(word => word.value).join(' ')),
      ),
    );
  return false;
}

/** `shell:` of the step that a script is, or of what the step stands in. */
function stepShell({ body }: Document<'workflow'>, { text }: Document<'shell'>): string | undefined {
  const { line, column } = text.place(0);
  for (const job of body.jobs)
    for (const step of job.steps) {
      const run = at(step, 'run');
      if (run?.kind !== 'scalar') continue;
      const place = textWithin(run).place(0);
      if (place.line === line && place.column === column)
        return (
          textOfNode(at(step, 'shell')) ??
          textOfNode(at(job.node, 'defaults', 'run', 'shell')) ??
          textOfNode(at(body.root, 'defaults', 'run', 'shell'))
        );
    }
  return undefined;
}

/** What was called before it: in its script, and where that is a block of a guide in all blocks above it. */
export function callsBefore(context: Context, call: Call): readonly Call[] {
  const { host, document } = call.shell;
  const own = call.shell.calls.filter(each => each.whole.start < call.whole.start);
  if (host.kind !== 'markdown') return own;
  const above = shellsOf(context).filter(each => each.host === host);
  const at = above.findIndex(each => each.document === document);
  return [...above.slice(0, at).flatMap(each => each.calls), ...own];
}
