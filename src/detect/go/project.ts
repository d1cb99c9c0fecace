import type { Note } from '../detection.ts';
import type { SourceFile, Syntax } from '../program/facts.ts';
import { readSources } from '../program/read.ts';
import { remembered } from '../program/shapes.ts';
import { folderOf, isTest, isUnder, type Repository, resolvePath } from '../walk.ts';
import { goScanners } from './scan.ts';
import { shapeOf } from './shape.ts';

export interface GoModule {
  dir: string;
  file: string;
  path: string;
  version?: { value: string; line: number };
  toolchain?: { value: string; line: number };
  requires: string[];
  /** A module beside it is used from its folder, so the build needs more than this folder. */
  reachesOut: boolean;
}

export interface GoProject {
  modules: GoModule[];
  files: SourceFile[];
  packages: Map<string, SourceFile[]>;
}

/** A module that is built together with its neighbours needs a workspace above them. */
export function workspaceNotes({ modules }: GoProject): Note[] {
  return modules
    .filter(({ reachesOut }) => reachesOut)
    .map(({ dir, file }) => ({
      message: `the module in ${dir} is built together with a folder outside it, so its image needs both`,
      evidence: [{ file, line: 1 }],
      propose: `Add a go.work at the root that uses them: go work init ${modules.map(each => `./${each.dir}`).join(' ')}`,
    }));
}

export async function openGo(repository: Repository): Promise<GoProject | undefined> {
  const modFiles = repository.paths.filter(path => path === 'go.mod' || path.endsWith('/go.mod'));
  if (modFiles.length === 0) return undefined;
  const modules: GoModule[] = [];
  for (const file of modFiles) {
    const text = await repository.read(file);
    if (text !== undefined) modules.push(parseGoMod(file, text));
  }
  const packages = new Map<string, SourceFile[]>();
  const syntax: Syntax = {
    shape: remembered(shapeOf),
    resolveModule: (module, file) => packages.get(folderOfPackage(module, modules, file.path) ?? ' ') ?? [],
    siblings: file => packages.get(folderOf(file.path)) ?? [],
  };
  const paths = repository.paths.filter(
    path => path.endsWith('.go') && !isTestFile(path) && modules.some(module => isUnder(path, module.dir)),
  );
  const files = await readSources(repository, paths, {
    grammar: 'go',
    scanners: goScanners,
    syntax,
    isSilent,
  });
  for (const file of files) {
    const folder = folderOf(file.path);
    packages.set(folder, [...(packages.get(folder) ?? []), file]);
  }
  return { modules, files, packages };
}

/** Generated code registers nothing and listens nowhere; a file that is never built says nothing either. */
const isSilent = (text: string): boolean =>
  /^\/\/ Code generated .* DO NOT EDIT\.$/m.test(text.slice(0, 4000)) || /^\/\/go:build ignore\b/m.test(text);

function isTestFile(path: string): boolean {
  return (
    path.endsWith('_test.go') ||
    (isTest(path) && !/(^|\/)(testing|benchmarks?)\//.test(path) && /(^|\/)(tests?|e2e|mocks?)\//.test(path))
  );
}

export function parseGoMod(file: string, text: string): GoModule {
  const module: GoModule = {
    dir: folderOf(file),
    file,
    path: '',
    requires: [],
    reachesOut: /=>\s*\.\.\//.test(text),
  };
  let block = '';
  text.split('\n').forEach((raw, at) => {
    const line = raw.replace(/\/\/.*$/, '').trim();
    const [first = '', second = ''] = line.split(/\s+/);
    if (block) {
      if (line === ')') block = '';
      else if (block === 'require' && first) module.requires.push(first);
    } else if (second === '(') block = first;
    else if (first === 'module') module.path = second.replace(/"/g, '');
    else if (first === 'go') module.version = { value: second, line: at + 1 };
    else if (first === 'toolchain') module.toolchain = { value: second.replace(/^go/, ''), line: at + 1 };
    else if (first === 'require') module.requires.push(second);
  });
  return module;
}

/** Of two modules of one name, an import means the one that it stands in. */
function folderOfPackage(path: string, modules: GoModule[], from: string): string | undefined {
  const owners = modules.filter(
    module => module.path !== '' && (path === module.path || path.startsWith(`${module.path}/`)),
  );
  const nearness = ({ dir }: GoModule) => (isUnder(from, dir) ? dir.length + 1 : 0);
  const owner = owners.sort((a, b) => b.path.length - a.path.length || nearness(b) - nearness(a))[0];
  return owner && resolvePath(owner.dir, path.slice(owner.path.length + 1) || '.');
}

/** The module that a folder belongs to: the nearest go.mod above it. */
export function moduleOf(folder: string, modules: GoModule[]): GoModule | undefined {
  return modules
    .filter(module => folder === module.dir || isUnder(folder, module.dir))
    .sort((a, b) => b.dir.length - a.dir.length)[0];
}
