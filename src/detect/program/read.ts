import { descendants, type Grammar, type Node, parserFor } from '../../syntax/tree.ts';
import type { Repository } from '../walk.ts';
import type { SourceFile, Syntax } from './facts.ts';
import { emptyFile, placeInFunctions } from './scan.ts';

/** For each kind of node that says something: what it adds to what its file says. */
export type Scanners = Readonly<Record<string, (node: Node, file: SourceFile) => void>>;

export interface Reader {
  readonly grammar: Grammar;
  readonly scanners: Scanners;
  readonly syntax: Syntax;
  /** Texts that say nothing of the program. */
  readonly isSilent?: (text: string) => boolean;
}

const AHEAD = 16;

/** What the source files of one language say. A file that cannot be parsed is left out; one with errors is read in part. */
export async function readSources(
  repository: Repository,
  paths: readonly string[],
  { grammar, scanners, syntax, isSilent }: Reader,
): Promise<SourceFile[]> {
  if (paths.length === 0) return [];
  const parse = await parserFor(grammar);
  const files: SourceFile[] = [];
  for (const [at, path] of paths.entries()) {
    repository.told(`reading ${grammar}, ${at + 1} of ${paths.length}: ${path}`);
    // The disk works while a file is parsed; what is read is kept for who asks for it.
    const ahead = paths[at + AHEAD];
    if (ahead !== undefined) void repository.read(ahead);
    const text = await repository.read(path);
    if (text === undefined || isSilent?.(text)) continue;
    const tree = parse(text);
    if (!tree) continue;
    if (tree.rootNode.hasError)
      repository.skipped.push({ file: path, reason: 'has syntax errors: read in part' });
    const file = emptyFile(path, text, tree, syntax);
    for (const node of descendants(tree.rootNode, Object.keys(scanners))) scanners[node.type]?.(node, file);
    placeInFunctions(file);
    files.push(file);
  }
  return files;
}
