import type { Artifact } from '../../artifacts/artifact.ts';
import type { Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { configFiles, generatorOf } from './generator.ts';
import type { Manifest } from './object.ts';
import { configMaps, objects } from './objects.ts';

export const BASE = 'deploy/k8s/base';

/** What all environments have in common: the configuration without an environment. */
export function baseArtifacts(model: Model, engine: Engine): Artifact[] {
  const manifests = objects(model);
  const maps = configMaps(model, engine);
  const resources = filesOf(manifests);
  return [
    artifact(
      `${BASE}/kustomization.yaml`,
      engine.render('kubernetes/base.yaml', {
        name: model.name,
        resources: resources.map(file => `${file}.yaml`),
        generators: maps.map(map => generatorOf(map)),
      }),
    ),
    ...resources.map(file => manifestFile(BASE, file, manifests, engine)),
    ...maps.flatMap(map => configFiles(BASE, map, engine)),
  ];
}

/** Each file once, in the order of their first objects. */
export const filesOf = (manifests: readonly Manifest[]): string[] => [
  ...new Set(manifests.map(({ file }) => file)),
];

/** All objects of one file. */
export const manifestFile = (
  folder: string,
  file: string,
  manifests: readonly Manifest[],
  engine: Engine,
): Artifact =>
  artifact(
    `${folder}/${file}.yaml`,
    engine.render('kubernetes/objects.yaml', {
      objects: manifests
        .filter(manifest => manifest.file === file)
        .map(({ object, notes }) => ({ object, notes: notes ?? {} })),
    }),
  );

export const artifact = (path: string, content: string): Artifact => ({
  path,
  content,
  target: 'kubernetes',
});
