import type { BuiltService, BuiltSource } from '../model/model.ts';

/** What is built, tested and locked together, for one service or several. */
export interface SourceFolder {
  readonly keys: readonly string[];
  readonly language: BuiltSource['language'];
  readonly version: string;
  readonly path: string;
  readonly manifest: string;
}

/** Several services may be built from one folder: its gates are passed once. */
export function sourceFolders(services: readonly BuiltService[]): SourceFolder[] {
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
      version: source.version,
      path: source.context,
      manifest: source.manifest.replace(/^(?:\.\/)+/, ''),
    })),
  );
}

const MANAGERS: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];

/** Which package manager of Node a manifest belongs to. */
export const managerOf = (manifest: string): string =>
  MANAGERS.find(([file]) => manifest.endsWith(file))?.[1] ?? 'unlocked';

type Installer = 'uv' | 'poetry' | 'pyproject' | 'pip';

const INSTALLERS: Readonly<Record<string, Installer>> = {
  'uv.lock': 'uv',
  'poetry.lock': 'poetry',
  'pyproject.toml': 'pyproject',
};

/** Which tool installs what a manifest of Python names. */
export const installerOf = (manifest: string): Installer =>
  INSTALLERS[manifest.slice(manifest.lastIndexOf('/') + 1)] ?? 'pip';
