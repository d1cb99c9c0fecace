/** A guide of docs/guides as something to do: what to type, what is then to be seen, and what to edit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { ROOT } from '../cli/run.ts';

/** What a section needs that is not on every machine; `<!-- needs: compose -->` below its heading says so. */
export const NEEDS = ['compose', 'systemd'] as const;
export type Need = (typeof NEEDS)[number];

interface Place {
  readonly line: number;
  readonly needs: Need | undefined;
}
export interface Typed extends Place {
  readonly kind: 'typed';
  readonly command: string;
  /** Lines, where `…` stands for anything within one, and alone for any number of them. */
  readonly shown: readonly string[];
}
export interface Edit extends Place {
  readonly kind: 'edit';
  readonly diff: string;
}
export type Step = Typed | Edit;

export interface Guide {
  readonly name: string;
  readonly steps: readonly Step[];
}

const FOLDER = join(ROOT, 'docs/guides');

export const GUIDES: readonly Guide[] = readdirSync(FOLDER)
  .filter(file => file.endsWith('.md') && file !== 'README.md')
  .map(file => ({ name: file.slice(0, -3), steps: stepsOf(readFileSync(join(FOLDER, file), 'utf8')) }));

export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let needs: Need | undefined;
  for (const { type, tag, content, info, map } of new MarkdownIt({ html: true }).parse(text, {})) {
    const line = (map?.[0] ?? 0) + 1;
    if (type === 'heading_open' && tag <= 'h2') needs = undefined;
    if (type === 'html_block') needs = needOf(content) ?? needs;
    if (type !== 'fence') continue;
    if (info === 'diff') steps.push({ kind: 'edit', diff: content, line, needs });
    else if (info === 'console') steps.push(...typedIn(content, { line: line + 1, needs }));
    else if (info !== 'yaml' && info !== 'text')
      throw new Error(`line ${line}: a block is console, diff, yaml or text, not ${info || 'nothing'}`);
  }
  return steps;
}

function needOf(html: string): Need | undefined {
  const [, said] = /<!-- needs: (\w+) -->/.exec(html) ?? [];
  const need = NEEDS.find(each => each === said);
  if (said !== undefined && need === undefined) throw new Error(`no guide may need ${said}`);
  return need;
}

function typedIn(block: string, place: Place): Typed[] {
  const steps: Typed[] = [];
  let continues = false;
  for (const [index, line] of block.trimEnd().split('\n').entries()) {
    const last = steps.at(-1);
    if (line.startsWith('$ '))
      steps.push({ ...place, kind: 'typed', command: line.slice(2), shown: [], line: place.line + index });
    else if (!last) throw new Error(`line ${place.line + index}: what is shown comes after "$ …"`);
    else if (continues) steps.splice(-1, 1, { ...last, command: `${last.command}\n${line}` });
    else steps.splice(-1, 1, { ...last, shown: [...last.shown, line] });
    continues = line.endsWith('\\') && (continues || line.startsWith('$ '));
  }
  return steps;
}

/** The first line that is not as shown, or undefined. */
export function difference(shown: readonly string[], seen: readonly string[]): string | undefined {
  // reached[i]: some of the first lines seen are what the first i lines shown say.
  let reached = closed(shown, new Set([0]));
  for (const line of seen) {
    const next = new Set<number>();
    for (const i of reached) {
      const wanted = shown[i];
      if (wanted === '…') next.add(i);
      else if (wanted !== undefined && isLike(wanted, line)) next.add(i + 1);
    }
    if (next.size === 0)
      return `not shown: ${line}\nexpected:  ${shown[Math.max(...reached)] ?? 'nothing more'}`;
    reached = closed(shown, next);
  }
  return reached.has(shown.length) ? undefined : `not seen: ${shown[Math.max(...reached)]}`;
}

/** Any number of lines may be none. */
function closed(shown: readonly string[], at: ReadonlySet<number>): Set<number> {
  const all = new Set(at);
  for (const i of all) if (shown[i] === '…') all.add(i + 1);
  return all;
}

function isLike(shown: string, line: string): boolean {
  const parts = shown
    .trimEnd()
    .split('…')
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line.trimEnd());
}
