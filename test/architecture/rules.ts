import type { Import, SourceFile } from './source.ts';

/** What a rule has to say of one file; nothing where it holds. */
export interface Rule {
  readonly name: string;
  faults(file: SourceFile): string[];
}

type Grant = 'types' | 'all';

/** Data flows one way: which part may import which. A part that is not named here has no place yet. */
const MAY_IMPORT: Readonly<Record<string, Readonly<Record<string, Grant>>>> = {
  syntax: {},
  artifacts: { syntax: 'all' },
  config: {},
  exec: {},
  render: {},
  detect: { syntax: 'all' },
  doctor: { config: 'types', exec: 'all', model: 'all' },
  model: { config: 'types' },
  init: { config: 'all', detect: 'all' },
  targets: { config: 'all', model: 'all', artifacts: 'all', render: 'all' },
  workspace: { artifacts: 'all' },
  check: { artifacts: 'all', config: 'all', model: 'types' },
  platforms: { exec: 'all', model: 'types' },
  verify: { config: 'all', model: 'all', artifacts: 'types', platforms: 'all', exec: 'all' },
  release: { config: 'all', model: 'all', artifacts: 'all', platforms: 'all', exec: 'all' },
};
/** Composes everything; and writes down the results of anything, of which it knows the types. */
const COMPOSER = 'cli';
const REPORTER = 'report';

/** Folders whose entries are units, which know nothing of each other; `depth` is where a unit begins. */
const UNITS: readonly { readonly root: string; readonly depth: number; readonly folders?: true }[] = [
  { root: 'src/artifacts', depth: 1, folders: true },
  { root: 'src/check/rules', depth: 2 },
  { root: 'src/cli/commands', depth: 1 },
  { root: 'src/platforms', depth: 1, folders: true },
  { root: 'src/release/strategies', depth: 1 },
  { root: 'src/targets', depth: 1, folders: true },
  { root: 'src/verify/probes', depth: 1 },
];

/** One owner for each library that has an effect or a price. */
const OWNERS: Readonly<Record<string, string>> = {
  '@inquirer/prompts': 'src/cli/',
  '@kubernetes/client-node': 'src/platforms/kubernetes/',
  child_process: 'src/exec/run',
  commander: 'src/cli/',
  execa: 'src/exec/run',
  handlebars: 'src/render/',
  zod: 'src/config/',
};

const WRITES =
  /^(?:\*|appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|ftruncate|lchown|link|lutimes|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writev?|writeFile)(?:Sync)?$/;
/**
 * The workspace writes the project's files; the command line what --output names, a summary for GitHub, and the demo's
 * folder; kustomize, which reads nothing but folders, and ssh for its sockets get one that is gone again.
 */
const WRITERS =
  /^src\/(?:workspace\/write(?:\.ts|\/)|cli\/(?:context|demo|verify\/report)\.ts|platforms\/(?:kubernetes\/kustomize|ssh)\.ts)/;

const area = (path: string) => path.split('/')[1] ?? '';
const isOwn = (each: Import) => each.from.startsWith('src/');
const at = (file: SourceFile, line: number) => `${file.path}:${line}`;
const overImports = (name: string, wrong: (each: Import, file: SourceFile) => string | false): Rule => ({
  name,
  faults: file =>
    file.imports.flatMap(each => {
      const fault = wrong(each, file);
      return fault === false ? [] : [`${at(file, each.line)}: ${fault}`];
    }),
});

const flow = overImports('data flows one way', (each, file) => {
  const [from, to] = [area(file.path), area(each.from)];
  if (!isOwn(each) || from === to || from === COMPOSER) return false;
  if (to === COMPOSER) return 'nothing imports cli';
  if (from === REPORTER) return each.typeOnly ? false : `report knows result types only, not ${each.from}`;
  const grants = MAY_IMPORT[from];
  if (!grants) return `src/${from} has no place in the architecture; give it one in MAY_IMPORT`;
  const grant = grants[to];
  if (grant === undefined) return `${from} must not import ${to}`;
  return grant === 'types' && !each.typeOnly ? `${from} may import only types from ${to}` : false;
});

const outside = overImports('sources import sources and packages', each =>
  /^\.\.|^test\/|^bench\//.test(each.from) ? `${each.from} is outside of src` : false,
);

const siblings = overImports('no unit imports a sibling', (each, file) => {
  const [own, other] = [unitOf(file.path), unitOf(each.from)];
  if (!own || !other || own.root !== other.root || own.unit === other.unit) return false;
  return `${own.unit} must not import its sibling ${other.unit}; move what both need up`;
});

/** The unit that a file belongs to; lists and shared code belong to none. */
export function unitOf(path: string): { root: string; unit: string } | undefined {
  const place = UNITS.find(({ root }) => path.startsWith(`${root}/`));
  if (!place) return undefined;
  const steps = path.slice(place.root.length + 1).split('/');
  const isFile = steps.length <= place.depth;
  if (steps.at(-1) === 'all.ts' || (isFile && place.folders) || steps.length < place.depth) return undefined;
  return { root: place.root, unit: steps.slice(0, place.depth).join('/').replace(/\.ts$/, '') };
}

const owners = overImports('one owner for each library', (each, file) => {
  const owner = OWNERS[each.from];
  return !owner || each.typeOnly || file.path.startsWith(owner) ? false : `${each.from} belongs to ${owner}`;
});

const writes = overImports('only the workspace writes files', (each, file) => {
  if (!/^fs(?:\/promises)?$/.test(each.from) || each.typeOnly || WRITERS.test(file.path)) return false;
  const names = each.names.filter(name => WRITES.test(name));
  return names.length === 0 ? false : `${names.join(', ')}: only workspace/write writes files`;
});

const effects: Rule = {
  name: 'only the command line exits and prints',
  faults: file =>
    area(file.path) === COMPOSER
      ? []
      : file.members
          .filter(({ name }) =>
            /^(?:process\.(?:exit|exitCode|abort)$|console\.|process\.std(?:out|err)\.)/.test(name),
          )
          .map(({ name, line }) => `${at(file, line)}: ${name} belongs to cli`),
};

const sizes: Rule = {
  name: 'no file past 250 lines, no function past 60',
  faults: file => [
    ...(file.lines > 250 ? [`${file.path}: ${file.lines} lines; 250 at most`] : []),
    ...file.functions
      .filter(({ lines }) => lines > 60)
      .map(({ line, lines }) => `${at(file, line)}: a function of ${lines} lines; 60 at most`),
  ],
};

const names: Rule = {
  name: 'files are named for what they hold',
  faults: file =>
    /(?:^|\/)(?:utils?|helpers?|misc|common)(?:\.ts$|\/)/.test(file.path) &&
    file.path !== 'src/render/helpers.ts'
      ? [`${file.path}: name the file for what it holds`]
      : [],
};

/**
 * Files and pages that are read in an editor or a browser; what is read from a configuration, and what stands for a
 * reference in it and is shown nowhere.
 */
const BEYOND_TERMINALS =
  /^src\/(?:targets\/|report\/verification\/(?:html|github)|artifacts\/(?:quantities|recognise)\.ts|detect\/service\/quantities\.ts|config\/schema\/(?:text|secret-formats)\.ts|check\/schemas\/fault\.ts)/;

const letters: Rule = {
  name: 'what a terminal shows is ASCII: consoles of Windows have code pages, and a pipe tells nobody which',
  faults: file =>
    BEYOND_TERMINALS.test(file.path)
      ? []
      : file.texts
          .filter(({ text }) => /[^\0-\x7f]/.test(text))
          .map(({ text, line }) => `${at(file, line)}: ${/[^\0-\x7f]/u.exec(text)?.[0]} is not ASCII`),
};

export const RULES: readonly Rule[] = [
  flow,
  outside,
  siblings,
  owners,
  writes,
  effects,
  sizes,
  names,
  letters,
];

/** Files of units, of whose lengths the median must stay small. */
export const MEASURED = ['src/check/rules', 'src/targets', 'src/verify/probes'];

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor((sorted.length - 1) / 2);
  return sorted.length === 0
    ? 0
    : ((sorted[middle] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}
