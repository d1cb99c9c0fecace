import kleur from 'kleur';
import { isLacking } from './report.ts';
import type { ProjectCheck, ToolReport } from './tool.ts';

const WIDTH = 80;
const NAME = 16;
const STATUS = 8;
const VERSION = 10;

type Word = ToolReport['status'] | ProjectCheck['status'];

const PAINT: Readonly<Record<Word, (text: string) => string>> = {
  ok: kleur.green,
  warning: kleur.yellow,
  old: kleur.yellow,
  missing: kleur.red,
  broken: kleur.red,
  failed: kleur.red,
};

/** For a terminal of 80 columns; every word that a colour marks is there without it too. */
export function doctorTable(tools: readonly ToolReport[], checks: readonly ProjectCheck[]): string {
  const sections = [
    section('Required', tools.filter(({ required }) => required).flatMap(toolLines)),
    section('Optional', tools.filter(({ required }) => !required).flatMap(toolLines)),
    section('Project', checks.flatMap(checkLines)),
    summary(tools, checks),
  ];
  return sections.filter(text => text !== '').join('\n\n');
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? '' : [kleur.bold(title), ...lines].join('\n');

function toolLines(tool: ToolReport): string[] {
  const left = `  ${tool.id.padEnd(NAME)} ${status(tool.status)} ${(tool.version ?? '-').padEnd(VERSION)} `;
  const lines = beside(left, 2 + NAME + 1 + STATUS + 1 + VERSION + 1, tool.neededFor.join('; '));
  if (tool.status === 'ok') return lines;
  const remedies = [tool.detail, tool.hint].filter(text => text !== null);
  return [...lines, ...remedies.flatMap(text => beside(' '.repeat(6), 6, text))];
}

function checkLines({ id, status: word, message, hint }: ProjectCheck): string[] {
  const lines = beside(`  ${id.padEnd(NAME)} ${status(word)} `, 2 + NAME + 1 + STATUS + 1, message);
  return hint === undefined ? lines : [...lines, ...beside(' '.repeat(6), 6, hint)];
}

const status = (word: Word) => PAINT[word](word) + ' '.repeat(STATUS - word.length);

/** Text in the columns that are left; `left` is as wide as `indent`, colours not counted. */
function beside(left: string, indent: number, text: string): string[] {
  return wrap(text, WIDTH - indent).map((line, i) => (i === 0 ? left : ' '.repeat(indent)) + line);
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width || last === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function summary(tools: readonly ToolReport[], checks: readonly ProjectCheck[]): string {
  const lacking = [
    ...tools.filter(isLacking).map(({ id }) => id),
    ...checks.filter(({ status }) => status === 'failed').map(({ id }) => id),
  ];
  if (lacking.length === 0) return 'Everything required is here.';
  return wrap(`To be put right: ${lacking.join(', ')}.`, WIDTH).join('\n');
}
