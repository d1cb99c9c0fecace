const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Bytes as nginx writes them. */
export function bytes(count: number): string {
  if (count % MIB === 0) return `${count / MIB}m`;
  return count % KIB === 0 ? `${count / KIB}k` : String(count);
}

/** A rate that nginx can say: whole requests a second, or else a minute. */
export function rate(perSecond: number): string {
  if (Number.isInteger(perSecond)) return `${perSecond}r/s`;
  return `${Math.max(1, Math.round(perSecond * 60))}r/m`;
}

/** What one client may have at once, beyond the rate: a second's worth. */
export const burst = (perSecond: number): number => Math.max(1, Math.ceil(perSecond));

/** Up to this size a whole body waits in memory, and none ever on disk; a larger one is passed on as it comes. */
const HELD = MIB;

export function bodyOf(limit: number): { limit: string; buffer: string | undefined; streamed: boolean } {
  const held = limit <= HELD;
  // 16 KiB is what nginx holds anyway.
  return {
    limit: bytes(limit),
    buffer: held && limit > 16 * KIB ? bytes(limit) : undefined,
    streamed: !held,
  };
}
