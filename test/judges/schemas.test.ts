/** What `check` says by schemas, as kubeconform, compose and actionlint have it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { parseKubernetes } from '../../src/artifacts/kubernetes/parse.ts';
import { textOf } from '../../src/artifacts/text.ts';
import { schemaFaults } from '../../src/check/schemas/kubernetes.ts';
import { BROKEN_COMPOSE, BROKEN_WORKFLOW, SOUND_COMPOSE, SOUND_WORKFLOW } from '../check/schemas/files.ts';
import { BROKEN, type Manifest, SOUND } from '../check/schemas/manifests.ts';
import { TEST_TARGETS } from '../targets/cases.ts';
import { ask, composeConfig, need } from './judges.ts';
import { kubeconform } from './kubernetes.ts';
import { mutant, numbersOf } from './mutants.ts';

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

/** What is rendered for clusters, object by object. */
const rendered = (readdirSync(TEST_TARGETS, { recursive: true }) as string[])
  .filter(name => /^kubernetes[\\/].*[\\/]base[\\/](?!kustomization)[^\\/]+\.yaml$/.test(name))
  .sort()
  .flatMap(name => parseAllDocuments(readFileSync(join(TEST_TARGETS, name), 'utf8')))
  .map(document => document.toJS() as Record<string, unknown> | null)
  .filter(each => each !== null && 'kind' in each) as Record<string, unknown>[];

describe.runIf(need('kubeconform'))('objects that one change has made wrong', () => {
  const COUNT = 600;

  it('are refused where kubeconform refuses them', { timeout: 120_000 }, async () => {
    const seed = process.env['AIDEPLOY_DEEP'] ? Date.now() & 0xffff : 1;
    const random = numbersOf(seed);
    const mutants = Array.from({ length: COUNT }, (_, i) => {
      const object = rendered[Math.floor(random() * rendered.length)] ?? {};
      return { name: `mutant ${i} of seed ${seed}`, text: stringify(mutant(object, random)) };
    });
    const files = written(mutants, 'mutant');
    const theirs = new Map((await kubeconform(files, '1.34')).map(each => [each.file, each.message]));
    const table = { both: 0, neither: 0, ours: [] as string[], theirs: [] as string[] };
    mutants.forEach(({ name, text }, i) => {
      const objects = parseKubernetes(textOf(name, text)).body ?? [];
      const [own] = objects.flatMap(object => schemaFaults(object, { minor: 34, partial: false }));
      const other = theirs.get(files[i] ?? '');
      // The metadata of custom resources is in none of the schemas that kubeconform is given.
      if (own && !other) table.ours.push(/\bmetadata\b/.test(own.message) ? '' : `${name}: ${own.message}`);
      else if (other && !own) table.theirs.push(`${name}: ${other}\n${text}`);
      else table[own ? 'both' : 'neither']++;
    });
    expect(table.both, 'most of them are wrong').toBeGreaterThan(COUNT / 3);
    expect(table.theirs).toEqual([]);
    expect(table.ours.filter(Boolean)).toEqual([]);
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
    return (await ask('actionlint', [...flags, file], { accept: [0, 1], reads: [file] })).stdout;
  };

  it.each(BROKEN_WORKFLOW)('refuses: $name', async ({ text }) => {
    expect(await complaints(text)).not.toBe('');
  });

  it.each(SOUND_WORKFLOW)('takes: $name', async ({ text }) => {
    expect(await complaints(text)).toBe('');
  });
});
