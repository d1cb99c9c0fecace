import { looksSecret, redacted } from '../config/schema/secret-formats.ts';

/** `NAME=value`, `name: value`, `"name": "value"`, `--name value`: each on its own, since a line may hold several. */
const NAMED = /((?:--)?["']?([A-Za-z][\w.-]{0,80})["']?(?:\s*[:=]\s*|\s+))(["']?)([^\s"',;]{1,500})\3/g;

/** Text of an artifact as people may see it: without what looks like a secret. */
export const shown = (text: string): string =>
  redacted(text.slice(0, 2_000)).replace(
    NAMED,
    (whole, lead: string, name: string, quote: string, value: string) =>
      /^(?:\$|<|%|\{\{|\[secret\])/.test(value) || !looksSecret(value, name)
        ? whole
        : `${lead}${quote}[secret]${quote}`,
  );
