import type { Detection } from './detection.ts';
import { goDialect } from './go/dialect.ts';
import { goEntries } from './go/mains.ts';
import { openGo } from './go/project.ts';
import { assemble } from './service/assemble.ts';
import { openRepository } from './walk.ts';

export async function detect(root: string): Promise<Detection> {
  const repository = await openRepository(root);
  const go = await openGo(repository);
  const entries = go ? goEntries(go, repository.has('go.work')) : [];
  const made = entries.map(entry => assemble(entry, goDialect, () => undefined));
  return { services: made.map(m => m.service), notes: made.flatMap(m => m.notes) } as unknown as Detection;
}
