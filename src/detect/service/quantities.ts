const factors: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as CONFIG.md writes it, from Go's notation or a bare number whose unit its name tells. */
export function duration(text: string | undefined, name = ''): string | undefined {
  const plain = text?.trim().replace(/_/g, '');
  if (!plain) return undefined;
  if (/^\d+(\.\d+)?$/.test(plain)) return spell(Number(plain) * bareFactor(Number(plain), name));
  const parts = [...plain.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.map(part => part[0]).join('') !== plain) return undefined;
  return spell(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (factors[unit ?? 's'] ?? 1000), 0),
  );
}

function bareFactor(value: number, name: string): number {
  if (/(_MS|Ms|_MILLIS\w*|Milliseconds?)$/i.test(name)) return 1;
  if (/_(S|SEC|SECS|SECONDS)$/i.test(name)) return 1000;
  if (/_(M|MIN|MINUTES)$/i.test(name)) return 60_000;
  return value >= 1000 ? 1 : 1000;
}

function spell(milliseconds: number): string | undefined {
  const ms = Math.round(milliseconds);
  if (ms <= 0 || !Number.isFinite(ms)) return undefined;
  if (ms % 1000 !== 0) return `${ms}ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds}s`;
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest ? `${rest}s` : ''}`;
}

/** A size as CONFIG.md writes it, from bytes or from `1mb`. */
export function size(text: string | undefined): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(i?b)?$/i.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const power = ' kmg'.indexOf((match[2] ?? '').toLowerCase() || ' ');
  const bytes = Number(match[1]) * 1024 ** power;
  for (const [unit, one] of [
    ['Gi', 1024 ** 3],
    ['Mi', 1024 ** 2],
    ['Ki', 1024],
  ] as const) {
    if (bytes >= one && bytes % one === 0) return `${bytes / one}${unit}`;
  }
  if (bytes >= 1_000_000 && bytes % 1_000_000 === 0) return `${bytes / 1_000_000}M`;
  return bytes >= 1024 ? `${Math.ceil(bytes / 1024)}Ki` : undefined;
}

export interface Address {
  host: string;
  port: number;
}

/** `:8080`, `0.0.0.0:8080`, `8080`, `[::]:8080`, `tcp://:8080`. */
export function address(text: string | undefined): Address | undefined {
  const match = /^(?:\w+:\/\/)?(?:(\[[^\]]*\]|[\w.*-]*):)?(\d{1,5})\/?$/.exec(text?.trim() ?? '');
  const port = Number(match?.[2]);
  return match && port > 0 && port < 65536 ? { host: match[1] ?? '', port } : undefined;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127\.|\[?::1\]?$)/.test(host);
}
