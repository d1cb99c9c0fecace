import { looksSecret, redacted } from '../config/schema/secret-formats.ts';

/** `NAME=value`, `name: value`, `"name": "value"`, `--name value`, `ENV NAME value`: a line may hold several. */
const NAMED =
  /((?:--|\bENV\s{1,20})([A-Za-z][\w.-]{0,80})\s{1,20}|["']?\b([A-Za-z][\w.-]{0,80})["']?\s{0,20}[:=]\s{0,20})(["']?)([^\s"',;]{1,500})\4/g;

/** Text of an artifact as people may see it: without what looks like a secret. */
export const shown = (text: string): string =>
  redacted(text.slice(0, 2_000)).replace(
    NAMED,
    (whole, lead: string, option, name, quote: string, value: string) =>
      /^(?:\$|<|%|\{\{|\[secret\])/.test(value) || !looksSecret(value, name ?? option)
        ? whole
        : `${lead}${quote}[secret]${quote}`,
  );
