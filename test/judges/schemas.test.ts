/** What `check` says of schemas, as kubeconform has it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BROKEN, type Manifest, SOUND } from '../check/schemas/manifests.ts';
import { need } from './judges.ts';
import { kubeconform } from './kubernetes.ts';

const folder = mkdtempSync(join(tmpdir(), 'aideploy-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(manifests: readonly Manifest[], what: string): string[] {
  return manifests.map(({ text }, i) => {
    const file = join(folder, `${what}-${i}.yaml`);
    writeFileSync(file, text);
    return file;
  });
}

describe.runIf(need('kubeconform'))('kubeconform', () => {
  it('refuses what a schema alone tells', async () => {
    const structural = BROKEN.filter(each => each.structural);
    const files = written(structural, 'broken');
    const refused = new Set((await kubeconform(files, '1.34')).map(each => each.file));
    expect(structural.filter((_, i) => !refused.has(files[i] ?? '')).map(each => each.name)).toEqual([]);
  });

  it('takes what is sound', async () => {
    const found = await kubeconform(written(SOUND, 'sound'), '1.34');
    expect(found.map(each => each.message)).toEqual([]);
  });
});
