import type { Artifact } from '../../artifacts/artifact.ts';
import { overlayOf, TAG_UNSET, workloadKind } from '../../model/cluster.ts';
import { isBuilt, type Model, type Service, servicesOf } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { artifact, filesOf, manifestFile } from './base.ts';
import { addedTo, changedMaps, patchesOf } from './changes.ts';
import { deployer } from './deployer.ts';
import { environmentOf } from './environment.ts';
import { configFiles, generatorOf } from './generator.ts';
import { namespace } from './namespace.ts';
import { configMaps } from './objects.ts';
import { patchedObjects } from './patched.ts';
import { TAG_VARIABLE } from './place.ts';

/** What an environment has of its own: its namespace, its images and what differs from the base. */
export function overlayArtifacts(base: Model, model: Model, engine: Engine): Artifact[] {
  const folder = overlayOf(model);
  const common = patchedObjects(base);
  const own = patchedObjects(model);
  const added = addedTo(common, own);
  const [commonMaps, ownMaps] = [configMaps(base, engine), configMaps(model, engine)];
  const patches = patchesOf(common, own, commonMaps, ownMaps);
  const maps = changedMaps(commonMaps, ownMaps);
  const manifests = [namespace(model), ...added];
  const files = filesOf(manifests);
  const view = {
    environment: model.environment,
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
    ...files.map(file => manifestFile(folder, file, manifests, engine)),
    deployerFile(folder, model, engine),
    ...maps.flatMap(({ map }) => configFiles(folder, map, engine)),
    ...patches.map(({ path, content }) =>
      artifact(`${folder}/${path}`, engine.render('kubernetes/patch.yaml', { content })),
    ),
  ];
}

/** Beside the overlay, which its own account could not apply. */
function deployerFile(folder: string, model: Model, engine: Engine): Artifact {
  const { name, namespace } = model;
  const objects = deployer(model).map(({ object, notes }) => ({ object, notes: notes ?? {} }));
  const view = { name, namespace, account: objects[0]?.object.metadata.name, folder, objects };
  return artifact(`${folder}/deployer.yaml`, engine.render('kubernetes/deployer.yaml', view));
}

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
