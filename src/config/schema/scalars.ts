import * as z from 'zod';

const DURATION_UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE_UNITS: Record<string, number> = {
  '': 1,
  B: 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const SIZE = /^\d+(?:\.\d+)?(?:B|k|K|M|G|T|Ki|Mi|Gi|Ti)$/;
const SHARE = /^\d+(?:\.\d+)?%$/;
const MILLICORES = /^(?:\d+m|\d+(?:\.\d+)?)$/;

/** Milliseconds of `90s`, `5m`, `1h30m`, `500ms`. */
function parseDuration(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * (DURATION_UNITS[unit as string] as number);
  return Math.round(total);
}

/** Bytes of `256Mi` or `2G`. */
function parseSize(text: string): number {
  const [, amount, unit] = /^([\d.]+)([A-Za-z]*)$/.exec(text) as RegExpExecArray;
  return Math.round(Number(amount) * (SIZE_UNITS[unit as string] as number));
}

/** A duration as one writes it: the largest unit that divides it. */
export const formatDuration = (milliseconds: number): string => inUnits(milliseconds, DURATION_UNITS, 'ms');

/** A size as one writes it, in powers of two where they divide it. */
export const formatSize = (bytes: number): string =>
  inUnits(bytes, { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }, 'B');

export const formatShare = (fraction: number): string => `${Number((fraction * 100).toFixed(6))}%`;

function inUnits(value: number, units: Record<string, number>, smallest: string): string {
  const [unit, worth] = Object.entries(units).findLast(([, each]) => value >= each && value % each === 0) ?? [
    smallest,
    1,
  ];
  return `${value / worth}${unit}`;
}

/** A quantity with a unit: its own message says what a bare number lacks. */
function quantity(
  pattern: RegExp,
  what: string,
  example: string,
  units: string,
  withUnit: (bare: number) => string,
) {
  return z
    .string({
      error: ({ input }) =>
        `a ${what} needs a unit (${units}), such as ${typeof input === 'number' && input > 0 ? withUnit(input) : example}`,
    })
    .regex(pattern, { error: `not a ${what}: write ${example} (units: ${units})` });
}

/** Beyond these a number is a slip of the pen, and loses its last digits. */
const LONGEST = 366 * 86_400_000;
const LARGEST = 2 ** 50;
const tooLong = { error: 'a duration is at most 366d' };

const positive = (what: string) => ({ error: `a ${what} must be more than zero` });

export const duration = () =>
  quantity(DURATION, 'duration', '90s', 'ms, s, m, h, d', bare => `${bare}s`)
    .transform(parseDuration)
    .refine(value => value > 0, positive('duration'))
    .refine(value => value <= LONGEST, tooLong);

export const durationOrZero = () =>
  quantity(DURATION, 'duration', '10s', 'ms, s, m, h, d', bare => `${bare}s`)
    .transform(parseDuration)
    .refine(value => value <= LONGEST, tooLong);

export const size = () =>
  quantity(SIZE, 'size', '256Mi', 'Ki, Mi, Gi, Ti, k, M, G, T, B', bare =>
    bare >= 2 ** 16 ? formatSize(bare) : `${bare}Mi`,
  )
    .transform(parseSize)
    .refine(value => value > 0, positive('size'))
    .refine(value => value <= LARGEST, { error: 'a size is at most 1024Ti' });

/** A share such as `70%`, as a fraction of one. */
export const share = () =>
  quantity(SHARE, 'share', '70%', '%', bare => (bare <= 1 ? formatShare(bare) : `${bare}%`))
    .transform(text => Number.parseFloat(text) / 100)
    .refine(value => value > 0 && value <= 1, { error: 'a share lies above 0% and at most at 100%' });

const CPU_FORMS = { error: 'CPU is written 250m (millicores) or 1.5 (cores)' };

/** CPU in millicores: `250m`, `1`, `1.5`. */
export const cpu = () =>
  z
    .union([z.string().regex(MILLICORES, CPU_FORMS), z.number().positive(CPU_FORMS)], CPU_FORMS)
    .transform(value =>
      Math.round(String(value).endsWith('m') ? Number.parseInt(String(value), 10) : Number(value) * 1000),
    )
    .refine(value => value > 0, positive('CPU quantity'))
    .refine(value => value <= 1_024_000, { error: 'no machine has more than 1024 cores' });

const PORT = { error: 'a port is a whole number from 1 to 65535' };

export const port = () => z.int(PORT).min(1, PORT).max(65_535, PORT);

const DNS_LABEL = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

export const dnsLabel = (longest: number) =>
  z
    .string()
    .max(longest, { error: `at most ${longest} characters, since it names units, images, objects and users` })
    .regex(DNS_LABEL, { error: 'lower-case letters, digits and inner hyphens only, starting with a letter' });

const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

export const domainName = () =>
  z
    .string()
    .regex(DOMAIN, { error: 'a domain name in lower case without scheme or port, such as chat.example.com' });

/** A host: a name, an IPv4 or an IPv6 address. */
export const hostName = () =>
  z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]{2,39})$/, {
    error: 'a host name or address without scheme, port or path',
  });

export const urlPath = (error = 'a path that starts with / and has no space, quote, query or fragment') =>
  z.string().regex(/^\/[^\s?#\\"'`{};<>]*$/, { error });

const NO_CONTROL = /^[^\p{Cc}\p{Cs}]+$/u;

/** The forms that the JSON Schema tells apart. */
export const PATTERNS = {
  duration: DURATION,
  size: SIZE,
  share: SHARE,
  millicores: MILLICORES,
  line: NO_CONTROL,
} as const;

/** One line of text that may stand in any file: no control characters. */
export const line = () =>
  z.string().regex(NO_CONTROL, { error: 'one line of text without control characters' });

/** A relative path that stays inside the project. */
export const projectPath = () =>
  line().refine(
    path => !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[\\/]/).includes('..'),
    {
      error: 'a path relative to the project, which does not leave it',
    },
  );

export const absolutePath = () =>
  line().refine(path => path.startsWith('/') && !path.split('/').includes('..'), {
    error: 'an absolute path such as /etc/chatbot, without ..',
  });

export const variableName = (error = 'letters, digits and _ only, not starting with a digit') =>
  z.string({ error }).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error });

/** A version such as "1.26" or 22. YAML reads an unquoted 3.10 as 3.1, so fractions must be quoted. */
export const version = () =>
  z
    .union([z.string().regex(/^\d+(?:\.\d+){0,2}$/), z.int().nonnegative()], {
      error: issue =>
        typeof issue.input === 'number'
          ? 'write it in quotes, such as "3.10": YAML reads an unquoted 3.10 as 3.1'
          : 'a version such as "1.26" or "3.13.1"',
    })
    .transform(String);

const SYSTEM_NAME = /^[a-z_][a-z0-9_-]{0,30}$/;
export const systemUser = () =>
  z
    .string()
    .regex(SYSTEM_NAME, { error: 'a system account: lower-case letters, digits, _ and -, at most 31' })
    .refine(name => name !== 'root', { error: 'root is no account for a service' });

const SQL_NAME = /^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/;
export const sqlName = () =>
  z.string().regex(SQL_NAME, { error: 'a database name: letters, digits, _, $ and -, at most 63' });

/** A version that must be quoted: YAML reads an unquoted 1.30 as 1.3. */
export const quotedVersion = (pattern: RegExp, example: string) =>
  z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? 'write it in quotes, such as "1.30": YAML reads an unquoted 1.30 as 1.3'
          : `a version such as "${example}"`,
    })
    .regex(pattern, { error: `a version such as "${example}"` });

/** An address range, IPv4 or IPv6. */
export function addressRange() {
  const error = 'an address range such as 10.20.0.0/16';
  return z.union([z.cidrv4({ error }), z.cidrv6({ error })], { error });
}
