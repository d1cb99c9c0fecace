import type { SourceFile } from '../program/facts.ts';
import { relativeTo } from '../walk.ts';
import type { NodePackage } from './project.ts';

/** The source of what a script runs: `dist/server.js` comes from `src/server.ts`. */
export function sourceOf(target: string, unit: NodePackage, files: SourceFile[]): SourceFile | undefined {
  const plain = target.replace(/^\.\//, '');
  const inside = plain.replace(/^(dist|build|out|lib)\//, '');
  const stems = [
    plain,
    inside,
    `src/${inside}`,
    inside.replace(/^src\//, ''),
    `src/${inside.replace(/^src\//, '')}`,
  ];
  const endings = ['', '/index.ts', '/index.js', '.ts', '.js', '.mjs'];
  for (const stem of stems) {
    for (const path of [stem, stem.replace(/\.([mc]?)js$/, '.$1ts')]) {
      for (const ending of endings) {
        const found = files.find(file => relativeTo(file.path, unit.dir) === path + ending);
        if (found) return found;
      }
    }
  }
  return undefined;
}

/** What is run in production: the script says it, or the compiler's output folder does. */
export function builtPath(
  source: string,
  target: string | undefined,
  unit: NodePackage,
): { path: string; isBuilt: boolean; sure: boolean } {
  const inside = relativeTo(source, unit.dir);
  const isTypeScript = /\.[mc]?ts$/.test(inside);
  if (target && !/\.[mc]?ts$/.test(target) && /\.[mc]?js$/.test(target)) {
    const path = target.replace(/^\.\//, '');
    return { path, isBuilt: path !== inside, sure: true };
  }
  const builds = Object.keys(unit.scripts).some(name => /^(build|compile|build:prod|tsc)$/.test(name));
  // Run from its sources by a loader: there is nothing else to run.
  if (!isTypeScript || !builds) return { path: inside, isBuilt: false, sure: !isTypeScript };
  const rootDir =
    unit.rootDir && unit.rootDir !== '.' ? unit.rootDir : inside.startsWith('src/') ? 'src' : '';
  const below = rootDir && inside.startsWith(`${rootDir}/`) ? inside.slice(rootDir.length + 1) : inside;
  const path = `${unit.outDir ?? 'dist'}/${below.replace(/\.([mc]?)ts$/, '.$1js')}`;
  return { path, isBuilt: true, sure: unit.outDir !== undefined };
}
