import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';

export type Texts = ReadonlyMap<string, string>;

/** Names that a file of src exports and no other file mentions. */
export function unusedExports(texts: Texts): string[] {
  const mentions = new Map<string, number>();
  for (const text of texts.values())
    for (const word of new Set(text.match(/[\w$]+/g))) mentions.set(word, (mentions.get(word) ?? 0) + 1);
  return [...texts]
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, text]) =>
      exportsOf(text)
        .filter(name => mentions.get(name) === 1)
        .map(name => `${path}: ${name}`),
    );
}

interface Declared {
  readonly id?: { readonly name: string };
  readonly declarations?: readonly { readonly id: { readonly name: string } }[];
}

const exportsOf = (text: string): string[] =>
  parseAst(text, { lang: 'ts' }).body.flatMap(node => {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return [];
    const { id, declarations = [] } = node.declaration as Declared;
    return [...(id ? [id] : []), ...declarations.map(each => each.id)].map(({ name }) => name);
  });

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
