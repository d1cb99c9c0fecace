/** How many of how many, and what that says of all that were not asked. */
export interface Share {
  above(limit: number): boolean;
  /** So far above that chance does not explain it, one time in forty. */
  surelyAbove(limit: number): boolean;
}

const Z = 1.96;

/** The lower end of Wilson's interval: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval */
export function createShare(part: number, all: number): Share {
  const share = all === 0 ? 0 : part / all;
  const spread =
    Z * Math.sqrt((share * (1 - share)) / Math.max(1, all) + Z ** 2 / (4 * Math.max(1, all) ** 2));
  const low = (share + Z ** 2 / (2 * Math.max(1, all)) - spread) / (1 + Z ** 2 / Math.max(1, all));
  return { above: limit => share > limit, surelyAbove: limit => low > limit };
}
