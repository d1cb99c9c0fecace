import type { Detection } from './detection.ts';
import { goDialect } from './go/dialect.ts';
import { goEntries } from './go/mains.ts';
import { openGo } from './go/project.ts';
import { assemble } from './service/assemble.ts';
import { nodeDialect } from './node/dialect.ts';
import { nodeEntries } from './node/entries.ts';
import { openNode } from './node/project.ts';
import { pythonDialect } from './python/dialect.ts';
import { pythonEntries } from './python/entries.ts';
import { openPython } from './python/project.ts';
import { openRepository } from './walk.ts';

export async function detect(root: string): Promise<Detection> {
  const repository = await openRepository(root);
  const go = await openGo(repository);
  const entries = go ? goEntries(go, repository.has('go.work')) : [];
  const python = await openPython(repository);
  if (python) entries.push(...pythonEntries(python).entries);
  const node = await openNode(repository);
  if (node) entries.push(...(await nodeEntries(node, repository)));
  const dialects = { go: goDialect, python: pythonDialect, node: nodeDialect };
  const made = entries.map(entry => assemble(entry, dialects[entry.language], () => undefined));
  return { services: made.map(m => m.service), notes: made.flatMap(m => m.notes) } as unknown as Detection;
}
