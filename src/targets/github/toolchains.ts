import type { BuiltService } from '../../model/model.ts';
import { installerOf, managerOf, type SourceFolder, sourceFolders } from '../source-folders.ts';

/** Folders by their language, as rows of a matrix. */
export function foldersOf(services: readonly BuiltService[]): {
  go: object[];
  python: object[];
  node: object[];
} {
  const folders = sourceFolders(services);
  const of = (language: SourceFolder['language'], more: (folder: SourceFolder) => object) =>
    folders
      .filter(folder => folder.language === language)
      .map(folder => ({ ...row(folder), ...more(folder) }));
  return {
    go: of('go', () => ({})),
    python: of('python', ({ manifest }) => ({
      manifest,
      installer: installerOf(manifest),
      // uv and poetry keep what they fetch elsewhere.
      cache: ['pip', 'pyproject'].includes(installerOf(manifest)) ? 'pip' : '',
    })),
    node: of('node', ({ manifest }) => ({
      manifest,
      manager: managerOf(manifest),
      cache: managerOf(manifest) === 'unlocked' ? '' : managerOf(manifest),
    })),
  };
}

const row = ({ keys, path, version }: SourceFolder): object => ({ service: keys[0], folder: path, version });

/** What scripts/build.sh needs for programs: the newest of each language builds what older ones would. */
export function toolchainsOf(services: readonly BuiltService[]): object {
  const newest = (language: SourceFolder['language']) =>
    services
      .filter(({ source }) => source.language === language)
      .map(({ source }) => source.version)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1);
  return {
    toolchains: { go: newest('go'), node: newest('node') },
    corepack: services.some(
      ({ source }) => source.language === 'node' && ['pnpm', 'yarn'].includes(managerOf(source.manifest)),
    ),
  };
}
