import { type BuiltService, isBuilt, type Model } from '../../model/model.ts';
import { dockerfilePath } from '../dockerfile-path.ts';

export function buildView(model: Model): object {
  const services = model.services.filter(isBuilt);
  const languages = new Set(services.map(({ source }) => source.language));
  const folders = foldersOf(services);
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

/** Several services may be built from one folder: its gates are passed once. */
function foldersOf(services: readonly BuiltService[]): object[] {
  const groups = new Map<string, BuiltService[]>();
  for (const service of services) {
    const { language, context, manifest } = service.source;
    const id = JSON.stringify([language, context, manifest]);
    groups.set(id, [...(groups.get(id) ?? []), service]);
  }
  return [...groups.values()].flatMap(group =>
    group.slice(0, 1).map(({ source }) => ({
      keys: group.map(({ key }) => key),
      language: source.language,
      path: source.context,
      manifest: source.manifest.replace(/^(?:\.\/)+/, ''),
      manager: managerOf(source),
    })),
  );
}

function unitOf(model: Model, service: BuiltService, all: readonly BuiltService[]): object {
  const { source } = service;
  return {
    key: service.key,
    name: service.unit,
    language: source.language,
    context: source.context,
    programs: source.language === 'go' ? programsOf(service, all) : [],
    manager: managerOf(source),
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

const MANAGERS: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];

const managerOf = ({ manifest }: BuiltService['source']): string =>
  MANAGERS.find(([file]) => manifest.endsWith(file))?.[1] ?? 'unlocked';
