/**
 * Durations and sizes as each reader understands them, in milliseconds and bytes. Undefined where
 * the text is none, or holds something that is only known elsewhere.
 */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's and compose's: `1h30m`, `1.5s`, `500ms`; compose also knows a bare number nowhere, Go only `0`. */
export function goDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  return sum(text, /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g, UNITS);
}

const NGINX: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** https://nginx.org/en/docs/syntax.html: a bare number is seconds. */
export function nginxDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  if (!/^(?:\d+(?:ms|[smhdwMy])\s*)+$/.test(text)) return undefined;
  return sum(text, /(\d+)(ms|[smhdwMy])/g, NGINX);
}

const SYSTEMD: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1e-6, 'nsec ns'],
      [1e-3, 'usec us µs μs'],
      [1, 'msec ms'],
      [1_000, 'seconds second sec s'],
      [60_000, 'minutes minute min m'],
      [3_600_000, 'hours hour hr h'],
      [86_400_000, 'days day d'],
      [604_800_000, 'weeks week w'],
      [2_629_800_000, 'months month M'],
      [31_557_600_000, 'years year y'],
    ] as const
  ).flatMap(([value, names]) => names.split(' ').map(name => [name, value])),
);

/** systemd.time(7): `5min 20s`, a bare number is seconds; `infinity` and, for timeouts, `0` never end. */
export function systemdDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'infinity') return Number.POSITIVE_INFINITY;
  let total = 0;
  let rest = trimmed;
  if (rest === '') return undefined;
  while (rest !== '') {
    const part = /^(\d+(?:\.\d+)?)\s*([a-zA-Zµμ]*)\s*/.exec(rest);
    const unit = part?.[2] === '' ? 1_000 : SYSTEMD[part?.[2] ?? '?'];
    if (!part || unit === undefined) return undefined;
    total += Number(part[1]) * unit;
    rest = rest.slice(part[0].length);
  }
  return total;
}

/** What programs read from variables: Go's form, or a bare number of seconds. */
export function variableDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  return goDuration(text);
}

function sum(text: string, part: RegExp, units: Readonly<Record<string, number>>): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(part)) total += Number(amount) * (units[unit ?? ''] ?? 0);
  return total;
}

const BINARY: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** docker's, compose's, nginx's and systemd's sizes: powers of 1024 whatever the letter's case. */
export function binarySize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  return match ? Number(match[1]) * (BINARY[(match[2] ?? '').toLowerCase()] ?? 1) : undefined;
}

/** https://pkg.go.dev/runtime: GOMEMLIMIT in bytes, or with B, KiB, MiB, GiB or TiB. */
export function goMemory(text: string): number | undefined {
  const match = /^(\d+)(?:B|([KMGT])iB)?$/.exec(text);
  return match ? Number(match[1]) * (BINARY[(match[2] ?? '').toLowerCase()] ?? 1) : undefined;
}

const KUBERNETES: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function kubernetesQuantity(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:[eE]([+-]?\d+)|(m|k|[MGTPE]i?|Ki)?)$/.exec(text.trim());
  if (!match) return undefined;
  if (match[2] !== undefined) return Number(`${match[1]}e${match[2]}`);
  return Number(match[1]) * (KUBERNETES[match[3] ?? ''] ?? 1);
}
