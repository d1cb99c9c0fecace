import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

describe('JSON', () => {
  test('reads every text back, as a value, a key and inside of a block', () => {
    for (const text of sampleTexts(runs(300))) {
      const read = renderOnce(
        't/a.json',
        '{\n  "a": {{text}},\n  {{text}}: [{{text}}, 1],\n  "b": {{json block}}\n}\n',
        {
          text,
          block: { [text]: [text] },
        },
      );
      // Keys that meet are the reader's business: the last counts.
      expect(JSON.parse(read)).toMatchObject(
        text === 'a' || text === 'b' ? {} : { a: text, b: { [text]: [text] } },
      );
    }
  });

  test('reads any block back, indented where it stands', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const usable: unknown = JSON.parse(JSON.stringify(value), (_, item: unknown) =>
          typeof item === 'number' ? Math.trunc(item) % 1e15 || 0 : item,
        );
        expect(
          JSON.parse(renderOnce('t/a.json', '{\n  "a": {{json value}}\n}\n', { value: usable })),
        ).toEqual({ a: usable });
      }),
      runs(100),
    );
    expect(renderOnce('t/a.json', '{\n  "a": {{json value}}\n}\n', { value: { b: [1], c: {} } })).toBe(
      '{\n  "a": {\n    "b": [\n      1\n    ],\n    "c": {}\n  }\n}\n',
    );
  });

  test('refuses what it has no word for', () => {
    for (const value of [Number.NaN, '\ud800', new Date(0)])
      expect(() => renderOnce('t/a.json', '{{json value}}\n', { value })).toThrow(/json cannot say/);
    expect(() => renderOnce('t/a.json', '{"a": "x {{value}}"}\n', { value: 'b' })).toThrow('its own quotes');
    expect(() => renderOnce('t/a.json', '{"a": x {{value}} }\n', { value: 'b' })).toThrow(
      'a whole key or value',
    );
  });
});
