/** Every overlay of every golden case, as `kubectl apply -k` would send it, in the eyes of those who know Kubernetes. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { overlaysOf } from '../../src/model/cluster.ts';
import { createEngine } from '../../src/render/engine.ts';
import { kubernetes } from '../../src/targets/kubernetes/index.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { checkov, find, need } from './judges.ts';
import { kubeconform, kubeLinter, kubeScore, kustomize, type Manifest } from './kubernetes.ts';

const engine = await createEngine();
/** Whichever environment is chosen, all overlays are rendered. */
const cases = [...FIXTURE_CASES, ...ownCases('kubernetes')].filter(
  ({ name, model }) => !name.includes('@') && kubernetes.applies(model),
);
const VERSIONS = ['1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36'];

const folder = await mkdtemp(join(tmpdir(), 'aideploy-kubernetes-'));
const built = join(folder, 'built');
const overlays = cases.flatMap(({ name, model }) =>
  overlaysOf(model).map(({ environment, targets }) => ({
    name: `${name}@${environment}`,
    project: join(folder, name),
    source: join(folder, name, `deploy/k8s/overlays/${environment}`),
    file: join(built, `${name}@${environment}.yaml`),
    version: targets.kubernetes?.version ?? '1.34',
  })),
);

beforeAll(async () => {
  await mkdir(built);
  for (const { name, model } of cases) {
    for (const { path, content } of kubernetes.render(model, engine)) {
      const file = join(folder, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }
  await Promise.all(
    overlays.map(async ({ project, source, file }) => writeFile(file, await kustomize(source, project))),
  );
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

/** What may stay as it is against a checker's advice, since the configuration wants it so or nobody could know better. */
const EXCEPTIONS = [
  // An image has its tag until its digest is known; secrets as variables; a user that was chosen.
  ...['CKV_K8S_43', 'CKV_K8S_35', 'CKV_K8S_40', 'container-security-context-user-group-id'],
  // One path for both probes; one copy; a program without any port, which nobody can ask.
  ...[
    'pod-probes-identical',
    'deployment-replicas',
    'horizontalpodautoscaler-replicas',
    'CKV_K8S_8',
    'CKV_K8S_9',
  ],
];

describe.runIf(need('kubectl'))('exceptions', () => {
  it.each(overlays)('are few in $name, and each has its reason', async ({ file }) => {
    const annotations = parseAllDocuments(await readFile(file, 'utf8'))
      .map(document => document.toJS() as Manifest)
      .flatMap(({ metadata }) => Object.entries(metadata.annotations ?? {}));
    const skipped = annotations.filter(([key]) => key.startsWith('checkov.io/')).map(([, text]) => text);
    for (const text of skipped) expect(text).toMatch(/^CKV_K8S_\d+=\w.{10}/);
    const ignored = annotations.filter(([key]) => key === 'kube-score/ignore').map(([, text]) => text);
    expect(annotations.filter(([key]) => key === 'kube-score/reason')).toHaveLength(ignored.length);
    const checks = [...skipped.map(text => text.split('=')[0]), ...ignored.flatMap(text => text.split(','))];
    expect(checks.filter(check => !EXCEPTIONS.includes(check ?? ''))).toEqual([]);
    expect(annotations.filter(([key]) => key.includes('kube-linter'))).toEqual([]);
  });
});

describe.runIf(need('kubectl', 'kubeconform'))('kubeconform', () => {
  it.each(VERSIONS)('has nothing to say of Kubernetes %s', async version => {
    const files = overlays.map(({ file }) => file);
    expect(await kubeconform(files, version)).toEqual([]);
  });
});

describe.runIf(need('kubectl', 'kube-score'))('kube-score', () => {
  it.each(overlays)('has nothing to say of $name', async ({ file, version }) => {
    expect(await kubeScore(file, version)).toEqual([]);
  });
});

/** In no package registry that a test machine can count on: it judges where somebody has installed it. */
if (find('kube-linter'))
  describe('kube-linter', () => {
    it.each(overlays)('has nothing to say of $name', async ({ file }) => {
      expect(await kubeLinter(file)).toEqual([]);
    });
  });

describe.runIf(need('kubectl', 'checkov'))('checkov', () => {
  it('has nothing to say of any', { timeout: 300_000 }, async () => {
    expect(await checkov(built, 'kubernetes')).toEqual([]);
  });
});
