import type { Fault } from './document.ts';
import type { Text } from './text.ts';

export interface IniEntry {
  readonly key: string;
  /** Without the spaces around it; lines that end in a backslash are joined by a space. */
  readonly value: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

export interface IniSection {
  readonly name: string;
  readonly start: number;
  readonly entries: readonly IniEntry[];
}

interface Ini {
  readonly sections: readonly IniSection[];
  readonly faults: readonly Fault[];
}

/** The syntax of units: systemd.syntax(7). */
export function readIni(text: Text): Ini {
  const sections: { name: string; start: number; entries: IniEntry[] }[] = [];
  const faults: Fault[] = [];
  const refuse = (offset: number, message: string) =>
    faults.push({ rule: 'file/unreadable', offset, message });
  for (const line of logicalLines(text.content)) {
    const trimmed = line.value.trim();
    const section = /^\[([^\]]+)\]$/.exec(trimmed);
    const start = line.start + line.value.search(/\S/);
    if (section?.[1]) sections.push({ name: section[1], start, entries: [] });
    else if (trimmed.startsWith('[')) refuse(start, `${trimmed.slice(0, 40)} is no section: [Name] is`);
    else {
      const equals = line.value.indexOf('=');
      const current = sections.at(-1);
      if (equals <= 0) refuse(start, `neither Key=value nor a [Section]: ${trimmed.slice(0, 40)}`);
      else if (!current) refuse(start, `${trimmed.slice(0, equals).trim()} stands before any [Section]`);
      else current.entries.push(entryOf(line, equals, start));
    }
  }
  return { sections, faults };
}

function entryOf(line: Line, equals: number, start: number): IniEntry {
  const rest = line.value.slice(equals + 1);
  const lead = rest.length - rest.trimStart().length;
  return {
    key: line.value.slice(0, equals).trim(),
    value: rest.trim(),
    start,
    valueStart: line.start + equals + 1 + lead,
    end: line.end,
  };
}

interface Line {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Comments within a continuation are left out of it. */
function* logicalLines(content: string): Generator<Line> {
  let pending: { parts: string[]; start: number } | undefined;
  for (let at = 0; at <= content.length; ) {
    const stop = content.indexOf('\n', at);
    const end = stop === -1 ? content.length : stop;
    const text = content.slice(at, end).replace(/\r$/, '');
    const isComment = /^\s*[#;]/.test(text);
    if (!isComment && text.endsWith('\\') && stop !== -1) {
      pending ??= { parts: [], start: at };
      pending.parts.push(text.slice(0, -1));
    } else if (!isComment || stop === -1) {
      const parts = [...(pending?.parts ?? []), ...(isComment ? [] : [text])];
      const value = parts.join(' ');
      if (value.trim() !== '') yield { value, start: pending?.start ?? at, end: at + text.length };
      pending = undefined;
    }
    if (stop === -1) return;
    at = end + 1;
  }
}
