import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistogram } from '../../src/verify/load/histogram.ts';
import { createShare } from '../../src/verify/load/share.ts';
import { hasFamily, readExposition } from '../../src/verify/metrics/exposition.ts';
import { valuesAt } from '../../src/verify/smoke/json-path.ts';
import { createParser } from '../../src/verify/stream/parser.ts';
import { createDecoder, encode, type Frame, OPCODE } from '../../src/verify/websocket/frames.ts';
import { runs } from '../render/runs.ts';

describe('the histogram', () => {
  test('is never off by more than a thousandth', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 3_600_000, noNaN: true }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1), (all, share) => {
        const histogram = createHistogram();
        for (const value of all) histogram.record(value);
        const exact = all.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(all.length * share) - 1)] ?? 0;
        // A microsecond is the smallest step.
        expect(Math.abs(histogram.quantile(share) - exact)).toBeLessThanOrEqual(exact / 1_000 + 0.001);
        expect(histogram.outline().reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      }),
      runs(100),
    );
  });

  test('of nothing is zero, and of years is its end', () => {
    const histogram = createHistogram();
    expect([histogram.count, histogram.min, histogram.max, histogram.quantile(0.95)]).toEqual([0, 0, 0, 0]);
    histogram.record(1e12);
    expect(histogram.max).toBe(1e12);
    expect(histogram.quantile(0.5)).toBeGreaterThan(3_600_000);
  });
});

test.each<[number, number, boolean, boolean]>([
  [0, 50, false, false],
  [1, 50, true, false],
  [3, 50, true, true],
  [1, 1_000, false, false],
  [25, 1_000, true, true],
  [0, 0, false, false],
])('%i of %i errors: above 1 %%? %s; surely? %s', (part, all, above, surely) => {
  const share = createShare(part, all);
  expect([share.above(0.01), share.surelyAbove(0.01)]).toEqual([above, surely]);
});

describe('event streams', () => {
  test.each<[string, string, unknown[]]>([
    ['one', 'data: a\n\n', [['message', 'a']]],
    ['lines', 'data: a\ndata: b\n\n', [['message', 'a\nb']]],
    ['a name', 'event: error\ndata: {"x":1}\n\n', [['error', '{"x":1}']]],
    [
      'CRLF',
      'data: a\r\n\r\ndata: b\r\n\r\n',
      [
        ['message', 'a'],
        ['message', 'b'],
      ],
    ],
    [
      'CR',
      'data: a\r\rdata: b\r\r',
      [
        ['message', 'a'],
        ['message', 'b'],
      ],
    ],
    ['a comment', ': heartbeat\n\n', [['', 'heartbeat']]],
    ['a name without data is no event', 'event: x\n\ndata: a\n\n', [['message', 'a']]],
    ['no space', 'data:a\n\n', [['message', 'a']]],
    ['a colon in the data', 'data: a: b\n\n', [['message', 'a: b']]],
    ['unknown fields', 'id: 1\nretry: 5\nfoo\ndata: a\n\n', [['message', 'a']]],
  ])('%s, however it is cut', (_, text, events) => {
    for (let at = 0; at <= text.length; at++) {
      const parser = createParser();
      const found = [...parser.feed(text.slice(0, at)), ...parser.feed(text.slice(at)), ...parser.feed('')];
      // A lone CR at the very end waits for what may follow it.
      const rest = text.endsWith('\r') ? parser.feed('\n') : [];
      expect([...found, ...rest].map(({ name, data }) => [name, data])).toEqual(events);
      expect(parser.pending()).toBe('');
    }
  });

  test('what is not whole is pending', () => {
    const parser = createParser();
    expect(parser.feed('data: a\n\ndata: [DO')).toHaveLength(1);
    expect(parser.pending()).toBe('data: [DO');
  });
});

test.each<[string, unknown[] | undefined]>([
  ['$', [{ a: { b: [1, { c: 2 }] }, 'x y': 3, e: null }]],
  ['$.a.b[0]', [1]],
  ['$.a.b[1].c', [2]],
  ['$.a.b[*]', [1, { c: 2 }]],
  ['$.a.b[7]', []],
  ['$.a.nothing', []],
  ["$['x y']", [3]],
  ['$["x y"]', [3]],
  ['$.e', [null]],
  ['$.a.*', [[1, { c: 2 }]]],
  ['$.constructor', []],
  ['a.b', undefined],
  ['$.a[', undefined],
  ['$..a', undefined],
])('%s', (path, values) => {
  expect(valuesAt({ a: { b: [1, { c: 2 }] }, 'x y': 3, e: null }, path)).toEqual(values);
});

describe('expositions', () => {
  test.each<[string, string, RegExp | undefined]>([
    ['plain', 'up 1\n', undefined],
    ['labels', 'a{b="c",d="e\\"f\\\\g\\n"} 1.5e3 1700000000000\n', undefined],
    ['a trailing comma', 'a{b="c",} 1\n', undefined],
    ['infinities', 'a_bucket{le="+Inf"} +Inf\nb NaN\n', undefined],
    [
      'OpenMetrics',
      '# TYPE a counter\n# UNIT a_seconds seconds\na_total 1 # {trace_id="x"} 1\n# EOF\n',
      undefined,
    ],
    ['comments', '# anything goes\n#and this\n\na 1\n', undefined],
    ['no value', 'a\n', /line 1: no sample/],
    ['a value that is none', 'a one\n', /line 1/],
    ['a name that is none', '1a 1\n', /line 1/],
    ['an open label', 'a{b="c} 1\n', /line 1/],
    ['a type that is none', '# TYPE a meter\na 1\n', /no such comment/],
    ['twice', 'a{b="1"} 1\na{b="1"} 2\n', /the same series again/],
    ['no line end', 'a 1', /cut off/],
  ])('%s', (_, text, fault) => {
    const { fault: found } = readExposition(text);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(fault);
  });

  test('families are found by their series', () => {
    const exposition = readExposition('a_total 1\nb_bucket{le="1"} 1\nc 2\nc{x="1"} 3\n');
    expect(['a', 'a_total', 'b', 'c', 'd'].map(name => hasFamily(exposition, name))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(exposition.totals.get('c')).toBe(5);
  });

  test('takes time in proportion to its size, whatever is in it', () => {
    const started = performance.now();
    readExposition(`a{${'b="c",'.repeat(20_000)}`);
    readExposition(`a{${' '.repeat(50_000)}x\n`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('frames', () => {
  /** What a server would send: the client's frame without its mask. */
  const unmasked = (opcode: number, payload: Buffer) => {
    const masked = encode(opcode, payload);
    const head = payload.length < 126 ? 2 : 4;
    const frame = Buffer.concat([masked.subarray(0, head), payload]);
    frame[1] = (frame[1] ?? 0) & 0x7f;
    return frame;
  };

  test('arrive whole, however they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(310), (bytes, cut) => {
        const frame = unmasked(OPCODE.binary, Buffer.from(bytes));
        const decode = createDecoder();
        const found = [frame.subarray(0, cut), frame.subarray(cut)].flatMap(
          part => decode(Buffer.from(part)) as Frame[],
        );
        expect(found).toEqual([{ opcode: OPCODE.binary, final: true, payload: Buffer.from(bytes) }]);
      }),
      runs(100),
    );
  });

  test.each<[string, number[], RegExp]>([
    ['a mask', [0x81, 0x81], /masked/],
    ['reserved bits', [0xf1, 0x01], /reserved/],
    ['a giant', [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0], /4294967296 bytes/],
  ])('%s is refused', (_, bytes, why) => {
    expect(createDecoder()(Buffer.from(bytes))).toMatch(why);
  });
});
