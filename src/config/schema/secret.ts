import { z } from 'zod';
import { variableName } from './scalars.ts';
import { oneOf, section } from './section.ts';

const byName = {
  error: 'a secret is given by its name alone (letters, digits and _): its value is never written here',
} as const;

const secretName = () => z.string(byName).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, byName);

/** A secret is declared by name; `from: database` says that its value is the database's URL. */
export const secret = z.union(
  [
    secretName().transform(name => ({ name, from: 'operator' as const, optional: false })),
    section({
      name: variableName(),
      from: oneOf('operator', 'database')
        .default('operator')
        .describe('database: the URL of the database, made by the platform.'),
      optional: z.boolean().default(false).describe('true: the program starts without it.'),
    }),
  ],
  byName,
);

/** Formats that providers give their keys: a value that looks so has no place in a committed file. */
const KEY_FORMATS: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|live_|test_)?[A-Za-z0-9_-]{16,}/,
  /\bxai-[A-Za-z0-9]{20,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /hooks\.slack\.com\/services\/\w/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./,
  /[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:[^\s/@$]+@/i,
];

const SECRET_NAME = /(?:^|_)(?:API_?KEY|PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY|WEBHOOK_URL)$/i;

/** Whether a literal value is a secret by its form, or by the name of the variable that carries it. */
export function looksSecret(value: string, name?: string): boolean {
  if (KEY_FORMATS.some(format => format.test(value))) return true;
  return (
    name !== undefined && SECRET_NAME.test(name) && value !== '' && !value.includes('${…}') && !isPath(value)
  );
}

const isPath = (value: string) => /^(?:\/|[A-Za-z]:\\)/.test(value);
