import { type BuiltService, isBuilt, type Model } from '../../model/model.ts';
import { dockerfilePath } from '../dockerfile-path.ts';
import { managerOf, sourceFolders } from '../source-folders.ts';

export function buildView(model: Model): object {
  const services = model.services.filter(isBuilt);
  const languages = new Set(services.map(({ source }) => source.language));
  const folders = sourceFolders(services).map(folder => ({ ...folder, manager: managerOf(folder.manifest) }));
  const units = services.map(service => unitOf(model, service, services));
  return {
    name: model.name,
    tag: model.image.tag ?? '',
    services: services.map(({ key }) => key),
    imagePlatforms: model.image.platforms,
    go: languages.has('go'),
    python: languages.has('python'),
    node: languages.has('node'),
    archives: languages.has('python') || languages.has('node'),
    images: model.targets.docker !== undefined,
    folders,
    units,
    // A shell's linter takes a dollar sign between single quotes for a mistake.
    quoting: /[$`]/.test(JSON.stringify({ folders, units })),
  };
}

function unitOf(model: Model, service: BuiltService, all: readonly BuiltService[]): object {
  const { source } = service;
  return {
    key: service.key,
    name: service.unit,
    language: source.language,
    context: source.context,
    programs: source.language === 'go' ? programsOf(service, all) : [],
    manager: managerOf(source.manifest),
    script: source.script ?? '',
    repository: source.repository,
    dockerfile: dockerfilePath(model, service),
  };
}

/** Files of one folder: a name that two services have is led by the service's own. */
function programsOf({ unit, source }: BuiltService, all: readonly BuiltService[]): object[] {
  const names = all.flatMap(other => [
    other.source.program,
    ...other.source.binaries.map(({ program }) => program),
  ]);
  return [source, ...source.binaries].map(({ main, program }) => ({
    package: main,
    name: names.filter(name => name === program).length > 1 ? `${unit}-${program}` : program,
  }));
}
