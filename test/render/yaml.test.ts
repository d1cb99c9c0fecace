import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { anyText } from './values.ts';

const SOURCE = `# {{comment}}
plain: {{text}}
{{text}}: key
flow: [{{text}}, {{text}}]
list:
  {{#each texts}}
  - {{this}}
  {{/each}}
helper: {{yaml value}}
deep:
  - {{yaml value}}
`;

/** Readers that keep to either version of YAML: Kubernetes and Python read 1.1, most others 1.2. */
test.each(['1.1', '1.2'] as const)(
  'YAML %s reads every text back, and takes none for something else',
  version => {
    // Readers of 1.1 merge what stands under this key, quoted or not.
    const key = anyText.filter(text => text !== '<<' && text !== '__proto__');
    const leaf = fc.oneof(
      anyText,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(0.5, -1.25, 100),
    );
    const { value } = fc.letrec<{ value: unknown }>(tie => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(key, fc.array(anyText, { minLength: 1, maxLength: 4 }), value, (text, texts, nested) => {
        const rendered = renderOnce('t/file.yaml', SOURCE, { comment: 'c', text, texts, value: nested });
        const expected = {
          plain: text,
          [text]: 'key',
          flow: [text, text],
          list: texts,
          helper: nested,
          deep: [nested],
        };
        expect(parse(rendered, { version })).toEqual(expected);
        expect(rendered).toMatch(/^[^\r\t]*\n$/);
      }),
      runs(500),
    );
  },
);

test('numbers that need an exponent, functions and the like are refused', () => {
  for (const value of [
    1e300,
    1e-9,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    () => 1,
    Symbol('a'),
    new Date(),
    5n,
  ]) {
    expect(() => renderOnce('t/file.yaml', 'a: {{a}}', { a: value })).toThrow('yaml cannot say');
    expect(() => renderOnce('t/file.yaml', 'a: {{yaml a}}', { a: { b: [value] } })).toThrow(
      'yaml cannot say',
    );
  }
});

test('notes stand above the lines that their pointers name, and change nothing', () => {
  const value = { a: { 'b/c': [{ d: 1 }, 2] }, e: 'f' };
  const notes = { '/a/b~1c': 'the list', '/a/b~1c/0/d': 'inside', '/e': 'last', '/nothing': 'not there' };
  const rendered = renderOnce('t/file.yaml', '{{yaml value notes=notes}}\n', { value, notes });
  expect(rendered).toBe('a:\n  # the list\n  b/c:\n    - # inside\n      d: 1\n    - 2\n# last\ne: f\n');
  expect(parse(rendered)).toEqual(value);
  expect(() =>
    renderOnce('t/file.yaml', '{{yaml value notes=notes}}\n', { value, notes: { '/e': 'a\nb' } }),
  ).toThrow('a comment holds no control characters');
});
