import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { powershellText } from '../../src/render/escape/powershell.ts';
import { windows } from '../../src/targets/windows/index.ts';
import { FIXTURE_CASES } from '../targets/cases.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const { Language, Parser } = createRequire(import.meta.url)(
  '@vscode/tree-sitter-wasm',
) as typeof import('@vscode/tree-sitter-wasm');
type Tree = import('@vscode/tree-sitter-wasm').Node;

const GRAMMAR = join(
  dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm')),
  'tree-sitter-powershell.wasm',
);
let parser: InstanceType<typeof Parser>;

beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(GRAMMAR)));
});

function parse(text: string): Tree {
  const tree = parser.parse(text);
  if (!tree) throw new Error('not parsed');
  return tree.rootNode;
}

/** What the grammar takes for the literals of a sum: texts, and characters by their numbers. */
function readBack(node: Tree): string {
  const parts = node
    .descendantsOfType(['verbatim_string_characters', 'hexadecimal_integer_literal'])
    .map(each => each?.text ?? '');
  return parts
    .map(part =>
      part.startsWith("'") ? part.slice(1, -1).replaceAll("''", "'") : String.fromCharCode(Number(part)),
    )
    .join('');
}

test('the grammar reads every text back', () => {
  const texts = sampleTexts(runs(300));
  for (const text of texts) {
    const tree = parse(`$a = ${powershellText(text)}\n`);
    expect(tree.hasError, JSON.stringify(text)).toBe(false);
    expect(readBack(tree)).toBe(text);
  }
});

test('what is written is ASCII, whatever the text', () => {
  for (const text of sampleTexts(runs(100))) expect(powershellText(text)).toMatch(/^[ -~]*$/);
});

test('what no process can be given is refused, without saying it', () => {
  expect(() => powershellText('a secret\0')).toThrow('powershell cannot say a text of 9 characters');
});

test('numbers, booleans and lists', () => {
  const text = renderOnce('t/a.ps1', '$a = {{n}}\n$b = {{t}}\n$c = {{list l}}\n', {
    n: 3,
    t: true,
    l: ["it's", 'b'],
  });
  expect(text).toBe("$a = 3\r\n$b = $true\r\n$c = @('it''s', 'b')\r\n");
});

const engine = await createEngine();
const scripts = FIXTURE_CASES.filter(({ model }) => windows.applies(model)).flatMap(({ name, model }) =>
  windows
    .render(model, engine)
    .filter(({ path }) => path.endsWith('.ps1'))
    .map(({ path, content }) => ({ title: `${path} of ${name}`, content })),
);

describe('the grammar understands', () => {
  test.each(scripts)('$title', ({ content }) => {
    expect(parse(content).hasError).toBe(false);
  });
});
