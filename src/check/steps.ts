import type { Document } from '../artifacts/document.ts';
import { type Effect, effectsOf } from '../artifacts/shell/effects.ts';
import { expanded, maySame, UNKNOWN } from '../artifacts/shell/expand.ts';
import { type Command, nameOf, unwrapped } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';
import { type Shell, shellsOf } from './scripts.ts';

/** Something that a step does to the host, in the order of the steps. */
export interface Step extends Effect {
  readonly at: Place;
  /** Its command, and the script that it stands in; a file that a guide shows is made by no command. */
  readonly command?: Command;
  readonly document?: Document<'shell'>;
  /** What stands above it in a guide, the outermost first. */
  readonly headings: readonly string[];
  /** Somebody looks whether it fails, so it may do so. */
  readonly tested: boolean;
}

/** What somebody goes through from top to bottom: a guide, or a script with those it calls. */
export interface Sequence {
  readonly name: string;
  readonly guide: boolean;
  readonly steps: readonly Step[];
  /** It calls something that is not known here, and which may have done anything. */
  readonly opaque: boolean;
}

const KNOWN = new WeakMap<Context, readonly Sequence[]>();

/** Guides, and every script that is none of their blocks. */
export function sequencesOf(context: Context): readonly Sequence[] {
  const known = KNOWN.get(context);
  if (known) return known;
  const shells = shellsOf(context);
  const scripts = shells.filter(each => each.host.kind !== 'markdown');
  const book: Book = {
    scripts: byLastName(shells),
    blocks: new Map(shells.map(each => [each.document.text, each])),
  };
  const found = [
    ...context.of('markdown').map(guide => ofGuide(guide, book)),
    ...scripts.map(({ document }) => ofScript(document, book)),
  ];
  KNOWN.set(context, found);
  return found;
}

interface Book {
  /** By the last part of their path. */
  readonly scripts: ReadonlyMap<string, readonly Shell[]>;
  readonly blocks: ReadonlyMap<object, Shell>;
}

function byLastName(shells: readonly Shell[]): ReadonlyMap<string, readonly Shell[]> {
  const found = new Map<string, Shell[]>();
  for (const shell of shells) {
    const last = shell.document.name.split('/').at(-1) ?? '';
    if (/\.(?:md|markdown|ya?ml)$|[Dd]ockerfile/.test(last)) continue;
    found.set(last, [...(found.get(last) ?? []), shell]);
  }
  return found;
}

/** What is gathered while steps are gone through. */
interface Walk {
  readonly book: Book;
  readonly steps: Step[];
  readonly values: Map<string, string>;
  readonly called: Set<Document<'shell'>>;
  folder: string | undefined;
  opaque: boolean;
}

const walkOf = (book: Book): Walk => ({
  book,
  steps: [],
  values: new Map(),
  called: new Set(),
  folder: undefined,
  opaque: false,
});

function ofScript(document: Document<'shell'>, book: Book): Sequence {
  const walk = walkOf(book);
  go(walk, document, []);
  return { name: document.name, guide: false, steps: walk.steps, opaque: walk.opaque };
}

function ofGuide({ name, body, text }: Document<'markdown'>, book: Book): Sequence {
  const walk = walkOf(book);
  for (const block of body) {
    const shell = book.blocks.get(block.text);
    const shown = block.name !== undefined && (!shell || shell.document.name === block.name);
    if (shown) walk.steps.push(shownFile(block.name, text.place(block.start), block.headings));
    else if (shell) go(walk, shell.document, block.headings);
  }
  return { name, guide: true, steps: walk.steps, opaque: walk.opaque };
}

/** A block that shows a file stands for writing it. */
const shownFile = (name: string, at: Place, headings: readonly string[]): Step => ({
  does: 'makes',
  what: 'path',
  name,
  by: 'text',
  start: 0,
  at,
  headings,
  tested: false,
});

const DEEPEST = 6;

function go(walk: Walk, document: Document<'shell'>, headings: readonly string[], depth = 0): void {
  const { commands, assignments } = document.body;
  const given = valuesOf(document, walk.values);
  for (const { name, temporary } of assignments)
    if (!temporary) walk.values.set(name, given.get(name) ?? UNKNOWN);
  for (const command of commands) {
    const bare = unwrapped(command);
    if (nameOf(bare) === 'cd' && bare.words[1])
      walk.folder = within(walk.folder, expanded(bare.words[1].raw, given));
    for (const effect of effectsOf(command, given)) {
      const name = effect.what === 'path' ? within(walk.folder, effect.name) : effect.name;
      walk.steps.push({
        ...effect,
        name,
        at: document.text.place(effect.start),
        command,
        document,
        headings,
        tested: command.tested,
      });
    }
    if (depth < DEEPEST) call(walk, bare, headings, depth);
  }
}

/** Commands that may do anything to the host, by what is written elsewhere. */
const ELSEWHERE =
  /^(?:ansible-playbook|ansible|terraform|tofu|pulumi|salt|chef-client|puppet|cloud-init|packer)$/;

function call(walk: Walk, command: Command, headings: readonly string[], depth: number): void {
  const name = nameOf(command);
  if (ELSEWHERE.test(name)) walk.opaque = true;
  const asked = /^(?:ba|da|z)?sh$|^(?:source|\.)$/.test(name)
    ? command.words.slice(1).find(word => !word.raw.startsWith('-'))
    : command.words[0];
  const path = asked && expanded(asked.raw, walk.values);
  if (path === undefined || !/\.(?:ba)?sh$|^\.{0,2}\//.test(path)) return;
  const script = scriptAt(walk.book, path);
  if (!script) {
    if (/\.(?:ba)?sh$/.test(path)) walk.opaque = true;
    return;
  }
  if (walk.called.has(script)) return;
  walk.called.add(script);
  const { folder } = walk;
  go(walk, script, headings, depth + 1);
  walk.folder = folder;
}

/** The only script of the set that a path may mean: installed ones keep their name. */
function scriptAt(book: Book, path: string): Document<'shell'> | undefined {
  const steps = path.split('/').filter(step => !/^\.{0,2}$/.test(step));
  const named = book.scripts.get(steps.at(-1) ?? '') ?? [];
  const exact = named.find(each => each.document.name === steps.join('/'));
  return (exact ?? (named.length === 1 ? named[0] : undefined))?.document;
}

/** What variables are worth throughout a script: unknown where it gives them several values. */
export function valuesOf(
  document: Document<'shell'>,
  outer?: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const known = outer ? undefined : VALUES.get(document);
  const values = known ?? assigned(document, outer ?? new Map());
  if (!outer) VALUES.set(document, values);
  return values;
}

const VALUES = new WeakMap<Document<'shell'>, ReadonlyMap<string, string>>();

function assigned(
  { body: { assignments } }: Document<'shell'>,
  outer: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const values = new Map(outer);
  const own = new Map<string, string>();
  for (const { name, value, temporary } of assignments) {
    if (temporary) continue;
    const text = value === undefined ? UNKNOWN : expanded(value.raw, values);
    const before = own.get(name);
    own.set(name, before === undefined || before === text ? text : UNKNOWN);
    values.set(name, own.get(name) ?? UNKNOWN);
  }
  return values;
}

function within(folder: string | undefined, path: string): string {
  const plain = path.replace(/^\.\/(?=.)/, '');
  if (folder === undefined || /^[/~*]|^[a-z]:/i.test(plain)) return plain;
  return `${folder.replace(/\/$/, '')}/${plain}`;
}

/** Versions and dates differ from one run to the next, and stand in guides as examples. */
const VARYING = /v?\d+(?:\.\d+)+|\d{8}|\d{4}-\d\d-\d\d|YYYY[\w-]*|<[^<>]*>|\{[^{}]*\}/g;

/**
 * Whether two paths may be the same file: a relative one may stand below any folder, and what is not known, varies or
 * is left to the reader may be anything.
 */
export function samePath(a: string, b: string): boolean {
  const [one, other] = [a, b].map(path =>
    path.replace(/^\.\//, '').replace(/\/+$/, '').replace(VARYING, UNKNOWN),
  ) as [string, string];
  if (one.startsWith('/') === other.startsWith('/')) return maySame(one, other);
  const [short, long] = one.startsWith('/') ? [other, one] : [one, other];
  const depth = short.split('/').length;
  return maySame(short, short.startsWith(UNKNOWN) ? long : long.split('/').slice(-depth).join('/'));
}
