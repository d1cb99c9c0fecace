import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Texts = ReadonlyMap<string, string>;

const EXPORT = /^export (?:async )?(?:const|function\*?|interface|type|class) ([\w$]+)/gm;

/** Names that a file of src exports and no other file mentions. */
export function unusedExports(texts: Texts): string[] {
  const mentions = new Map<string, number>();
  for (const text of texts.values())
    for (const word of new Set(text.match(/[\w$]+/g))) mentions.set(word, (mentions.get(word) ?? 0) + 1);
  return [...texts]
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, text]) =>
      [...text.matchAll(EXPORT)]
        .filter(([, name = '']) => mentions.get(name) === 1)
        .map(([, name]) => `${path}: ${name}`),
    );
}

/** Everything that may use what src exports. */
export const programsIn = (root: string): Texts =>
  new Map(
    ['src', 'test', 'bench', 'tools', 'bin'].flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(name => /\.m?[jt]s$/.test(name))
        .map((name): [string, string] => [
          join(folder, name),
          readFileSync(join(root, folder, name), 'utf8'),
        ]),
    ),
  );
