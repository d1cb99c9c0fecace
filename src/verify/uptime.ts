const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 };

/** Seconds since the start of a program, as its health body says: `2h15m30s`, `12.5`. */
export function uptimeIn(text: string): number | undefined {
  try {
    const { uptime, uptime_seconds: seconds } = JSON.parse(text) as Record<string, unknown>;
    return secondsOf(seconds) ?? secondsOf(uptime);
  } catch {
    return undefined;
  }
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  if (Number.isFinite(Number(value))) return Number(value);
  const parts = [...value.matchAll(/([\d.]+)\s*(ms|[dhms])/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? 's'] ?? 1), 0);
}
