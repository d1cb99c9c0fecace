/** What `check` says by schemas, as kubeconform, compose and actionlint have it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BROKEN_COMPOSE, BROKEN_WORKFLOW, SOUND_COMPOSE, SOUND_WORKFLOW } from '../check/schemas/files.ts';
import { BROKEN, type Manifest, SOUND } from '../check/schemas/manifests.ts';
import { ask, composeConfig, need } from './judges.ts';
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

describe.runIf(need('docker-compose'))('docker compose config', () => {
  const refusals = async (text: string) => {
    writeFileSync(join(folder, 'compose.yaml'), text);
    const { findings } = await composeConfig(folder, ['compose.yaml']);
    return findings.filter(each => each.severity === 'error').map(each => each.message);
  };

  it.each(BROKEN_COMPOSE)('refuses: $name', async ({ text }) => {
    expect(await refusals(text)).toHaveLength(1);
  });

  it.each(SOUND_COMPOSE)('takes: $name', async ({ text }) => {
    expect(await refusals(text)).toEqual([]);
  });
});

describe.runIf(need('actionlint'))('actionlint', () => {
  const complaints = async (text: string) => {
    const file = join(folder, 'ci.yml');
    writeFileSync(file, text);
    const flags = ['-shellcheck=', '-pyflakes=', '-no-color', '-oneline'];
    return (await ask('actionlint', [...flags, file], { accept: [0, 1] })).stdout;
  };

  it.each(BROKEN_WORKFLOW)('refuses: $name', async ({ text }) => {
    expect(await complaints(text)).not.toBe('');
  });

  it.each(SOUND_WORKFLOW)('takes: $name', async ({ text }) => {
    expect(await complaints(text)).toBe('');
  });
});
