import type { Document } from '../document.ts';
import type { Place } from '../text.ts';
import { expanded, UNKNOWN } from './expand.ts';
import { SWITCHES } from './gcloud-flags.ts';
import { type Command, nameOf, unwrapped, type Word } from './script.ts';

export interface Flag {
  /** Without its dashes. */
  readonly name: string;
  /** `*` in the place of what is only known when it runs; undefined for a switch. */
  readonly value: string | undefined;
  readonly word: Word;
  readonly at: Place;
}

/** One call of gcloud. */
export interface Call {
  readonly track: 'alpha' | 'beta' | 'ga';
  /** Groups and command, such as `run services update`. */
  readonly path: string;
  /** What follows them: names of services. */
  readonly names: readonly string[];
  readonly flags: readonly Flag[];
  /** A variable may hold further flags. */
  readonly open: boolean;
  readonly at: Place;
  readonly command: Command;
  readonly document: Document<'shell'>;
}

const KNOWN = new WeakMap<Document<'shell'>, readonly Call[]>();

export function callsOf(document: Document<'shell'>): readonly Call[] {
  const known = KNOWN.get(document);
  if (known) return known;
  const found = document.text.content.includes('gcloud') ? read(document) : [];
  KNOWN.set(document, found);
  return found;
}

function read(document: Document<'shell'>): readonly Call[] {
  const values = valuesOf(document);
  return document.body.commands.flatMap(command => {
    const plain = unwrapped(command);
    return nameOf(plain) === 'gcloud' ? [callOf(document, command, plain.words.slice(1), values)] : [];
  });
}

/** Variables that are set once, to what is written there. */
function valuesOf({ body }: Document<'shell'>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const twice = new Set<string>();
  for (const { name, value } of body.assignments) {
    const text = value ? expanded(value.raw, values) : '';
    if (values.has(name) || text.includes(UNKNOWN)) twice.add(name);
    values.set(name, text);
  }
  return new Map([...values].filter(([name]) => !twice.has(name)));
}

/** Every word of `"$@"`, `${flags[@]}` and, without quotes, of a variable. */
const SPREAD = /^"?\$(?:[@*]|\{\w+\[[@*]\])|^\$\{?\w+\}?$/;

function callOf(
  document: Document<'shell'>,
  command: Command,
  words: readonly Word[],
  values: ReadonlyMap<string, string>,
): Call {
  const flags: Flag[] = [];
  const bare: Word[] = [];
  const textOf = (word: Word) => word.value ?? expanded(word.raw, values);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    const text = textOf(word);
    const [, name, equals, rest] = /^--([a-z][\w-]*)(=?)(.*)$/s.exec(text) ?? [];
    if (!name) {
      if (!/^-\w/.test(text)) bare.push(word);
      continue;
    }
    const isSwitch = SWITCHES.has(name) || /^(?:no|clear|enable)-/.test(name);
    const next = equals || isSwitch ? undefined : words[i + 1];
    if (next && !textOf(next).startsWith('--')) i++;
    const value = equals ? rest : next && !textOf(next).startsWith('--') ? textOf(next) : undefined;
    flags.push({ name, value, word, at: document.text.place(word.start) });
  }
  const texts = bare.map(textOf);
  const track = texts[0] === 'alpha' || texts[0] === 'beta' ? texts[0] : 'ga';
  const steps = track === 'ga' ? texts : texts.slice(1);
  const length = depthOf(steps);
  const at = document.text.place(command.start);
  const rest = bare.slice(bare.length - steps.length + length);
  const open = rest.some((word, i) => SPREAD.test(word.raw) && (i > 0 || /\[|[@*]$/.test(word.raw)));
  return {
    track,
    path: steps.slice(0, length).join(' '),
    names: steps.slice(length),
    flags,
    open,
    at,
    command,
    document,
  };
}

/** How many of the words are groups and the command. */
function depthOf([first, second]: readonly string[]): number {
  if (first === 'run') return second === 'deploy' || second === 'compose' ? 2 : 3;
  return /^(?:container|secrets|projects|artifacts|iam|config)$/.test(first ?? '') &&
    !/^(?:clusters|node-pools|versions|repositories|service-accounts)$/.test(second ?? '')
    ? 2
    : 3;
}

export const flagOf = ({ flags }: Call, ...names: readonly string[]): Flag | undefined =>
  flags.findLast(each => names.includes(each.name));

/** Its value, where it is known. */
export const knownValue = (flag: Flag | undefined): string | undefined =>
  flag?.value === undefined || flag.value.includes(UNKNOWN) ? undefined : flag.value;
