/** What kustomize makes of each overlay is what the environment has by itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { overlaysOf, TAG_UNSET } from '../../../src/model/cluster.ts';
import type { Model } from '../../../src/model/model.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { kubernetes } from '../../../src/targets/kubernetes/index.ts';
import { namespace } from '../../../src/targets/kubernetes/namespace.ts';
import type { KubeObject } from '../../../src/targets/kubernetes/object.ts';
import { configMaps } from '../../../src/targets/kubernetes/objects.ts';
import { patchedObjects } from '../../../src/targets/kubernetes/patched.ts';
import { need } from '../../judges/judges.ts';
import { kustomize } from '../../judges/kubernetes.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';

const engine = await createEngine();
const folder = mkdtempSync(join(tmpdir(), 'aideploy-overlays-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cases = [...FIXTURE_CASES, ...ownCases('kubernetes')].filter(
  ({ name, model }) => !name.includes('@') && kubernetes.applies(model),
);
const overlays = cases.flatMap(({ name, model }) =>
  overlaysOf(model).map(each => ({ name, environment: each.environment ?? '', model: each })),
);
for (const { name, model } of cases)
  for (const { path, content } of kubernetes.render(model, engine)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }

type Objects = Record<string, KubeObject>;

const byName = (objects: readonly KubeObject[]): Objects =>
  Object.fromEntries(objects.map(object => [`${object.kind}/${object.metadata.name}`, object]));

/** The objects of an environment and its ConfigMaps, in its namespace and with its tag. */
function expected(model: Model): Objects {
  const maps = configMaps(model, engine).map(({ name, labels, env, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { ...env, ...files },
  }));
  const own = [...patchedObjects(model).map(({ object }) => object), ...maps].map(object => ({
    ...object,
    metadata: { ...object.metadata, namespace: model.namespace },
  }));
  const text = JSON.stringify([namespace(model).object, ...own]);
  return byName(JSON.parse(text.replaceAll(TAG_UNSET, model.image.tag ?? TAG_UNSET)));
}

/** The names of ConfigMaps without the hash of their content, which every mention of them must have. */
function unhashed(text: string, model: Model): string {
  return configMaps(model, engine).reduce((rest, { name, fixedName }) => {
    if (fixedName) return rest;
    expect(rest).not.toMatch(new RegExp(`name: ${name}\\n`));
    return rest.replaceAll(new RegExp(`name: ${name}-[0-9a-z]{10}\\n`, 'g'), `name: ${name}\n`);
  }, text);
}

describe.runIf(need('kubectl'))('kustomize', () => {
  test.each(overlays)('$name: $environment is itself', async ({ name, environment, model }) => {
    const text = await kustomize(
      join(folder, name, `deploy/k8s/overlays/${environment}`),
      join(folder, name),
    );
    const built = parseAllDocuments(unhashed(text, model)).map(each => each.toJS() as KubeObject);
    const own = expected(model);
    expect(built.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual(
      Object.keys(own).sort(),
    );
    for (const [key, object] of Object.entries(byName(built))) expect(object, key).toEqual(own[key]);
  });
});
