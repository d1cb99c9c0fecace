/**
 * Counts of values in buckets that are never wider than a thousandth of what they hold, so that a percentile of
 * a million values costs as much memory as that of ten. http://hdrhistogram.org
 */
export interface Histogram {
  record(value: number): void;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** The value that a share of the values does not exceed. */
  quantile(share: number): number;
  /** Counts in steps of about a tenth, for a picture. */
  outline(): { readonly upTo: number; readonly count: number }[];
}

/** Values are counted in microseconds. */
const UNIT = 1_000;
const BITS = 10;
const HALF = 2 ** BITS;
/** Up to 2^32 microseconds, more than an hour. */
const DOUBLINGS = 32 - BITS;
const OUTLINE_STEP = 1.1;

export function createHistogram(): Histogram {
  const counts = new Uint32Array(HALF * (DOUBLINGS + 2));
  let [count, min, max] = [0, Number.POSITIVE_INFINITY, 0];
  return {
    record(value) {
      const units = Math.max(0, Math.round(value * UNIT));
      const at = Math.min(indexOf(units), counts.length - 1);
      counts[at] = (counts[at] ?? 0) + 1;
      count++;
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    get count() {
      return count;
    },
    get min() {
      return count === 0 ? 0 : min;
    },
    get max() {
      return max;
    },
    quantile(share) {
      const rank = Math.max(1, Math.ceil(count * share));
      let below = 0;
      for (const [i, each] of counts.entries()) {
        below += each;
        if (each > 0 && below >= rank) return Math.min(max, Math.max(min, middleOf(i) / UNIT));
      }
      return 0;
    },
    outline: () => outlineOf(counts),
  };
}

/** Below 2048 each value has its own place; then each doubling has 1024. */
function indexOf(units: number): number {
  if (units < HALF * 2) return units;
  const doubling = Math.floor(Math.log2(units)) - BITS;
  return doubling * HALF + Math.floor(units / 2 ** doubling);
}

function middleOf(index: number): number {
  if (index < HALF * 2) return index;
  const doubling = Math.floor(index / HALF) - 1;
  return (index - doubling * HALF + 0.5) * 2 ** doubling;
}

function outlineOf(counts: Uint32Array): { upTo: number; count: number }[] {
  const steps: { upTo: number; count: number }[] = [];
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const value = middleOf(i) / UNIT;
    const last = steps.at(-1);
    if (last && value <= last.upTo) last.count += count;
    else
      steps.push({
        upTo: Math.max(
          0.1,
          OUTLINE_STEP ** Math.ceil(Math.log(Math.max(value, 0.1)) / Math.log(OUTLINE_STEP)),
        ),
        count,
      });
  }
  return steps.map(({ upTo, count }) => ({ upTo: Math.round(upTo * 100) / 100, count }));
}
