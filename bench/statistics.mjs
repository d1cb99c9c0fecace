/** The value below which a share of the values lies, between two values by their distance. */
export function quantile(values, share) {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export function summarise(values) {
  return {
    median: quantile(values, 0.5),
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
    max: Math.max(...values),
    samples: values.length,
  };
}

/**
 * Measures A, B, A, B, …: what disturbs the machine for a while disturbs both, so each pair has a
 * ratio of its own and their median is what counts. The first rounds only warm the caches.
 */
export async function measurePairs(a, b, { samples, warmUp = 2 }) {
  const pairs = [];
  for (let round = -warmUp; round < samples; round++) {
    const pair = { a: await a(), b: await b() };
    if (round >= 0) pairs.push(pair);
  }
  return comparePairs(pairs);
}

/** How B compares with A. */
export function comparePairs(pairs) {
  return {
    a: summarise(pairs.map(pair => pair.a)),
    b: summarise(pairs.map(pair => pair.b)),
    ratio: summarise(pairs.map(pair => pair.b / pair.a)),
  };
}
