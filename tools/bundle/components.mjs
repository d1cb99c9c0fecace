// What the bundle is made of, by what esbuild says of it: packages with code in an output, and who imports whom.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The innermost package of a path, from the outermost node_modules on: a key of the lock file. */
const FOLDER = /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/;
const folderOf = path => FOLDER.exec(path)?.[0];

/**
 * @param metafile of esbuild
 * @param beside folders of packages whose files stand next to the bundle
 */
export async function componentsOf(root, metafile, beside = []) {
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter(path => inputs[path].bytesInOutput > 0),
  );
  const folders = new Set([...beside, ...used.map(folderOf).filter(folder => folder !== undefined)]);
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const components = await Promise.all(
    [...folders].sort().map(async folder => {
      const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
      const { name, version, license, author } = manifest;
      return { folder, name, version, license, author, integrity: packages[folder]?.integrity };
    }),
  );
  return { components, imports: importsOf(metafile, folders, beside) };
}

/** folder -> the folders that it imports; '' are our own sources. */
function importsOf({ inputs }, folders, beside) {
  const imports = new Map([['', new Set(beside)], ...[...folders].map(folder => [folder, new Set()])]);
  /** A package that only hands on what others export leaves no code: who imports it, imports those. */
  const reached = (from, path, seen = new Set()) => {
    for (const target of inputs[path]?.imports ?? []) {
      const to = folderOf(target.path);
      if (to === undefined || seen.has(target.path)) continue;
      seen.add(target.path);
      if (!folders.has(to)) reached(from, target.path, seen);
      else if (to !== from) imports.get(from).add(to);
    }
  };
  for (const path of Object.keys(inputs)) {
    const from = folderOf(path) ?? '';
    if (imports.has(from)) reached(from, path);
  }
  return imports;
}
