import { type Argument, DockerfileParser, type Instruction as Found } from 'dockerfile-ast';
import type { Fault, Parsed } from '../document.ts';
import { dedented, lineStarts, type Text } from '../text.ts';
import type { Dockerfile, Instruction, Stage, Word } from './dockerfile.ts';

type Offset = (position: { line: number; character: number }) => number;

/** The parser's time grows with the square of some lines; nobody writes a Dockerfile of this size. */
const LARGEST = 256 * 1024;

export function parseDockerfile(text: Text): Parsed<Dockerfile> {
  if (text.content.length > LARGEST)
    return {
      faults: [{ rule: 'file/skipped', offset: 0, message: 'a Dockerfile of more than 256 KiB is not read' }],
    };
  const starts = lineStarts(text.content);
  const offset: Offset = ({ line, character }) => (starts[line] ?? text.content.length) + character;
  const instructions = DockerfileParser.parse(text.content)
    .getInstructions()
    .map(each => instructionOf(text, each, offset));
  const first = instructions.findIndex(each => each.keyword === 'FROM');
  if (first === -1)
    return { faults: [unreadable(0, 'no FROM: a Dockerfile begins with the image that it builds on')] };
  const stray = instructions.slice(0, first).find(each => each.keyword !== 'ARG');
  const faults = stray
    ? [unreadable(stray.start, `${stray.keyword} before the first FROM: only ARG may stand there`)]
    : [];
  return {
    body: { globals: instructions.slice(0, first), stages: stagesOf(instructions.slice(first)) },
    faults,
  };
}

const unreadable = (offset: number, message: string): Fault => ({ rule: 'file/unreadable', offset, message });

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (const [i, from] of instructions.entries()) {
    if (from.keyword !== 'FROM') continue;
    const next = instructions.findIndex((each, j) => j > i && each.keyword === 'FROM');
    const [image, as, name] = from.words;
    stages.push({
      from,
      image: image ?? from.rest,
      name: as?.value.toLowerCase() === 'as' ? name?.value.toLowerCase() : undefined,
      instructions: instructions.slice(i + 1, next === -1 ? undefined : next),
    });
  }
  return stages;
}

type Flagged = Found & {
  getFlags?(): {
    getName(): string;
    getValue(): string | null;
    getRange(): { start: { line: number; character: number } };
  }[];
};
type Json = Found & { getOpeningBracket?(): Argument | null; getJSONStrings?(): Argument[] };
type Heredocs = Found & {
  getHeredocs?(): {
    getContentRange(): {
      start: { line: number; character: number };
      end: { line: number; character: number };
    } | null;
  }[];
};

function instructionOf(text: Text, found: Found, offset: Offset): Instruction {
  const json = found as Json;
  const isJson = json.getOpeningBracket?.() != null && (json.getJSONStrings?.().length ?? 0) > 0;
  const flags = ((found as Flagged).getFlags?.() ?? []).map(flag => ({
    name: flag.getName(),
    value: flag.getValue() ?? '',
    start: offset(flag.getRange().start),
  }));
  const given = isJson ? (json.getJSONStrings?.() ?? []) : found.getArguments();
  const words = given.map(argument => wordOf(text, argument, isJson, offset));
  const range = found.getRange();
  const [start, end] = [offset(range.start), offset(range.end)];
  const from = words[0]?.start ?? end;
  return {
    keyword: found.getKeyword(),
    flags,
    words,
    json: isJson,
    rest: { value: text.content.slice(from, end), start: from, end },
    heredocs: heredocsOf(text, found, offset),
    start,
    end,
  };
}

function wordOf(text: Text, argument: Argument, isJson: boolean, offset: Offset): Word {
  const range = argument.getRange();
  const [start, end] = [offset(range.start), offset(range.end)];
  // The parser leaves out the spaces within a string of the JSON form.
  return { value: isJson ? unquoted(text.content.slice(start, end)) : argument.getValue(), start, end };
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value.replace(/^"|"$/g, '');
  }
}

function heredocsOf(text: Text, found: Found, offset: Offset): Text[] {
  return ((found as Heredocs).getHeredocs?.() ?? []).flatMap(heredoc => {
    const range = heredoc.getContentRange();
    return range ? [dedented(text, offset(range.start), offset(range.end))] : [];
  });
}
