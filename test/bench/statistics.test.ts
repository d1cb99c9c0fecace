import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePairs, measurePairs, quantile, summarise } from '../../bench/statistics.mjs';
import { runs } from '../render/runs.ts';

test.each([
  [[3], 0.5, 3],
  [[1, 2], 0.5, 1.5],
  [[10, 1, 5], 0.5, 5],
  [[1, 2, 3, 4, 5], 0.25, 2],
  [[1, 2, 3, 4, 5], 0.75, 4],
  [[4, 1, 3, 2], 0.25, 1.75],
  [[9, 10, 100], 1, 100],
])('%j has %f of it below %f', (values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected);
});

test('nothing has no median', () => {
  expect(() => summarise([])).toThrow('nothing was measured');
});

test('quartiles stand around the median, and order does not matter', () => {
  const times = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, values => {
      const { median, quartiles, max, samples } = summarise(values);
      expect(samples).toBe(values.length);
      expect(quartiles[0]).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(quartiles[1]);
      expect(quartiles[1]).toBeLessThanOrEqual(max);
      expect(summarise([...values].reverse()).median).toBe(median);
    }),
    runs(100),
  );
});

test('a ratio is that of a pair: what slows both leaves it as it is', () => {
  const pairs = [1, 1, 50, 1, 1].map(slow => ({ a: 100 * slow, b: 120 * slow }));
  expect(comparePairs(pairs).ratio).toMatchObject({ median: 1.2, quartiles: [1.2, 1.2], max: 1.2 });
});

test('the two are measured in turn, and warming up is not counted', async () => {
  const order: string[] = [];
  let time = 0;
  const compared = await measurePairs(
    () => {
      order.push('a');
      return ++time;
    },
    async () => {
      order.push('b');
      return 2 * time;
    },
    { samples: 3, warmUp: 1 },
  );
  expect(order.join('')).toBe('abababab');
  expect(compared.a).toMatchObject({ median: 3, samples: 3 });
  expect(compared.ratio.median).toBe(2);
});
