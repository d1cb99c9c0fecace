import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const reader = new MarkdownIt({ html: true });
const decode = (html: string) =>
  html.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

/** The texts of each inline token, what stands in code marked by what surrounds it. */
function inline(markdown: string): string[] {
  return reader
    .parse(markdown, {})
    .filter(token => token.type === 'inline')
    .map(token =>
      (token.children ?? [])
        .filter(child => !/^<\/?code>$/.test(child.content))
        .map(child => child.content)
        .join(''),
    );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const REFUSED = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/;
const texts = sampleTexts(runs(500)).filter(text => !REFUSED.test(text));
const code = texts.filter(text => text !== '');

describe('a Markdown reader', () => {
  test('reads every text back from a paragraph, a list, a heading and a cell', () => {
    for (const text of texts.filter(each => each !== '')) {
      const document =
        '{{text}}\n\n- {{text}}\n\n## {{text}}\n\n| a | b |\n|---|---|\n| {{text}} | c {{text}} d |\n';
      expect(inline(renderOnce('t/a.md', document, { text }))).toEqual([
        text,
        text,
        text,
        'a',
        'b',
        text,
        `c ${text} d`,
      ]);
    }
  });

  test('reads every span of code back, in a paragraph and in a cell', () => {
    for (const text of code) {
      const document = 'a {{code text}} b\n\n| a | b |\n|---|---|\n| {{code text}} | c |\n';
      const read = inline(renderOnce('t/a.md', document, { text }));
      expect([read[0], read[3]].map(each => decode(each ?? ''))).toEqual([`a ${text} b`, text]);
    }
  });

  test('reads a fenced block as it was put together', () => {
    for (const text of code) {
      if (/^\s*(?:`{3}|~{3})/.test(text)) {
        expect(() => renderOnce('t/a.md', '```text\n{{text}}\n```\n', { text })).toThrow('end its block');
        continue;
      }
      const [token] = reader.parse(renderOnce('t/a.md', '```text\n{{text}}\n```\n', { text }), {});
      expect(token?.content).toBe(`${text}\n`);
    }
  });
});

test('a value in a block of shell is one word', () => {
  const block = '```sh\nls {{path}}/current # {{note}}\n{{command line}}\n```\n';
  expect(renderOnce('t/a.md', block, { path: "/opt/it's $x", note: 'a note', line: "echo 'a b'" })).toBe(
    "```sh\nls '/opt/it'\\''s $x'/current # a note\necho 'a b'\n```\n",
  );
});

test('refuses what would leave its line or its span', () => {
  expect(() => renderOnce('t/a.md', '{{a}}\n', { a: 'a\nb' })).toThrow('no line ends');
  expect(() => renderOnce('t/a.md', '{{code a}}\n', { a: '' })).toThrow('at least one character');
  expect(() => renderOnce('t/a.md', 'a `{{a}}` b\n', { a: 'x' })).toThrow('{{code value}}');
  expect(() => renderOnce('t/a.md', '[a]({{a}})\n', { a: 'x' })).toThrow('target of a link');
});
