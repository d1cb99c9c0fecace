import * as z from 'zod';
import { variableName } from './scalars.ts';
import { oneOf, section } from './section.ts';

const byName = {
  error: 'a secret is given by its name alone (letters, digits and _): its value is never written here',
} as const;

/** A secret is declared by name; `from: database` says that its value is the database's URL. */
export const secret = z.union(
  [
    variableName(byName.error).transform(name => ({ name, from: 'operator' as const, optional: false })),
    section({
      name: variableName(byName.error),
      from: oneOf('operator', 'database')
        .default('operator')
        .describe('database: the URL of the database, made by the platform.'),
      optional: z.boolean().default(false).describe('true: the program starts without it.'),
    }),
  ],
  byName,
);

export { looksSecret, redacted } from './secret-formats.ts';
