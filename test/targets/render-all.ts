// Renders every fixture with every target that applies, and prints one digest a case: run as a
// program of its own under another locale, time zone and folder by artifacts.test.ts.
import { createHash } from 'node:crypto';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import { FIXTURE_CASES } from './cases.ts';

export async function digests(): Promise<Record<string, string>> {
  const engine = await createEngine();
  return Object.fromEntries(
    FIXTURE_CASES.map(({ name, model }) => {
      const targets = TARGETS.filter(target => target.applies(model));
      const artifacts = renderArtifacts(model, targets, engine);
      return [name, createHash('sha256').update(JSON.stringify(artifacts)).digest('hex')];
    }),
  );
}
