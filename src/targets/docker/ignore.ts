import type { BuiltService } from '../../model/model.ts';

/** Builders read one .dockerignore at the root of the context, whichever Dockerfile they build. */
export const ignorePath = (context: string): string =>
  context === '.' ? '.dockerignore' : `${context}/.dockerignore`;

/** What is ignored in one context: nothing that one of its services is built from. */
export function ignoreView(context: string, services: readonly BuiltService[]): object {
  const has = (language: string) => services.some(({ source }) => source.language === language);
  const needed = services.flatMap(neededPaths);
  const free = (folder: string) => !needed.some(path => path === folder || path.startsWith(`${folder}/`));
  const builds = services.every(({ source }) => source.language !== 'node' || source.script !== undefined);
  return {
    top: context === '.',
    go: has('go'),
    python: has('python'),
    node: has('node'),
    deploy: free('deploy'),
    bin: free('bin'),
    // A Node program is built in the image where there is a script for it.
    dist: (has('node') && builds) || (!has('node') && has('python') && free('dist')),
    tests: (has('python') || has('node')) && free('test') && free('tests'),
  };
}

function neededPaths({ source }: BuiltService): string[] {
  const mains = [source.main, ...source.binaries.map(({ main }) => main)];
  const appDir = normal(source.appDir);
  const modules = mains.map(main => main.replace(/:.*$/, '').replaceAll('.', '/'));
  const paths =
    source.language === 'python' ? modules.map(path => normal(`${appDir}/${path}`)) : mains.map(normal);
  return [...paths, appDir, normal(source.manifest)];
}

const normal = (path: string): string =>
  path
    .split('/')
    .filter(step => step !== '' && step !== '.')
    .join('/');
