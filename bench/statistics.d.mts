export interface Summary {
  readonly median: number;
  readonly quartiles: readonly [number, number];
  readonly max: number;
  readonly samples: number;
}

export interface Comparison {
  readonly a: Summary;
  readonly b: Summary;
  readonly ratio: Summary;
}

export function quantile(values: readonly number[], share: number): number;
export function summarise(values: readonly number[]): Summary;
export function comparePairs(pairs: readonly { readonly a: number; readonly b: number }[]): Comparison;
export function measurePairs(
  a: () => number | Promise<number>,
  b: () => number | Promise<number>,
  options: { readonly samples: number; readonly warmUp?: number },
): Promise<Comparison>;
