import type { Artifact } from '../../artifacts/artifact.ts';
import { overlayOf, workloadKind } from '../../model/cluster.ts';
import { isBuilt, type Model, type Service, servicesOf } from '../../model/model.ts';
import { PRODUCTION } from '../../model/namespace.ts';
import type { Engine } from '../../render/engine.ts';
import { artifact, filesOf, manifestFile } from './base.ts';
import { difference } from './difference.ts';
import { environmentOf, TAG_UNSET } from './environment.ts';
import { configFiles, generatorOf } from './generator.ts';
import { namespace } from './namespace.ts';
import type { ConfigMap, KubeObject, Manifest } from './object.ts';
import { configMaps } from './objects.ts';
import { patchedObjects } from './patched.ts';
import { TAG_VARIABLE } from './place.ts';

/** What an environment has of its own: its namespace, its images and what differs from the base. */
export function overlayArtifacts(base: Model, model: Model, engine: Engine): Artifact[] {
  const folder = overlayOf(model);
  const common = patchedObjects(base, engine);
  const own = patchedObjects(model, engine);
  const added = own.filter(manifest => !find(common, manifest.object));
  const patches = patchesOf(common, own, configMaps(base, engine), configMaps(model, engine));
  const maps = changedMaps(configMaps(base, engine), configMaps(model, engine));
  const files = ['namespace', ...filesOf(added)];
  const view = {
    environment: model.environment,
    isProduction: model.environment === PRODUCTION,
    namespace: model.namespace,
    resources: ['../../base', ...files.map(file => `${file}.yaml`)],
    tagged: model.image.tag !== undefined,
    images: imagesOf(model),
    generators: maps.map(({ map, isNew }) => generatorOf(map, isNew ? undefined : 'replace')),
    patches: patches.map(({ path, kind, name }) => ({ path, target: { kind, name } })),
    replacements: replacementsOf(model),
  };
  return [
    artifact(`${folder}/kustomization.yaml`, engine.render('kubernetes/overlay.yaml', view)),
    ...files.map(file => manifestFile(folder, file, [namespace(model), ...added], engine)),
    ...maps.flatMap(({ map }) => configFiles(folder, map, engine)),
    ...patches.map(({ path, content }) =>
      artifact(`${folder}/${path}`, engine.render('kubernetes/patch.yaml', { content })),
    ),
  ];
}

const find = (manifests: readonly Manifest[], { kind, metadata }: KubeObject) =>
  manifests.find(({ object }) => object.kind === kind && object.metadata.name === metadata.name);

interface ObjectPatch {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly content: unknown;
}

const patchOf = ({ kind, metadata: { name } }: KubeObject, content: unknown): ObjectPatch => ({
  path: `patches/${name}-${kind.toLowerCase()}.yaml`,
  kind,
  name,
  content,
});

/** Steps for what changed, and an end for what the environment has not. */
function patchesOf(
  common: readonly Manifest[],
  own: readonly Manifest[],
  commonMaps: readonly ConfigMap[],
  ownMaps: readonly ConfigMap[],
): ObjectPatch[] {
  const changed = own.flatMap(({ object }) => {
    const before = find(common, object);
    const steps = before ? difference(before.object, object) : [];
    return steps.length > 0 ? [patchOf(object, steps)] : [];
  });
  const gone = [
    ...common.map(({ object }) => object).filter(object => !find(own, object)),
    ...commonMaps
      .filter(({ name }) => !ownMaps.some(other => other.name === name))
      .map(({ name }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })),
  ];
  return [
    ...changed,
    ...gone.map(object => {
      const { apiVersion, kind, metadata } = object;
      return patchOf(object, { $patch: 'delete', apiVersion, kind, metadata: { name: metadata.name } });
    }),
  ];
}

const changedMaps = (common: readonly ConfigMap[], own: readonly ConfigMap[]) =>
  own.flatMap(map => {
    const before = common.find(({ name }) => name === map.name);
    if (before && difference(before, map).length === 0) return [];
    return [{ map, isNew: before === undefined }];
  });

/** One entry for each image that is built here. */
const imagesOf = (model: Model): object[] =>
  [
    ...new Set(
      servicesOf(model, 'kubernetes').flatMap(service =>
        isBuilt(service) ? [service.source.repository] : [],
      ),
    ),
  ].map(name => ({ name, newTag: model.image.tag ?? TAG_UNSET }));

/** Programs that are told their version get it from the image, wherever its tag was set. */
const replacementsOf = (model: Model): object[] =>
  servicesOf(model, 'kubernetes')
    .filter(service => isBuilt(service) && environmentOf(model, service).tagged)
    .map(service => {
      const { kind, container } = containerPath(service);
      const select = { kind, name: service.unit };
      const colons = isBuilt(service) ? service.source.repository.split(':').length : 1;
      return {
        source: {
          ...select,
          fieldPath: `${container}.image`,
          options: { delimiter: ':', index: colons },
        },
        targets: [{ select, fieldPaths: [`${container}.env.[name=${TAG_VARIABLE}].value`] }],
      };
    });

const containerPath = (service: Service) => {
  const template = service.kind === 'job' ? 'spec.jobTemplate.spec.template' : 'spec.template';
  const kind = service.kind === 'job' ? 'CronJob' : workloadKind(service);
  return { kind, container: `${template}.spec.containers.[name=${service.unit}]` };
};
