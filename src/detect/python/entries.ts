import { basename } from 'node:path';
import type { Finding, Note } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { isGeneric, label } from '../names.ts';
import { evaluate } from '../program/evaluate.ts';
import { programOf, reachable, type SourceFile } from '../program/facts.ts';
import { scopeOf } from '../program/resolve.ts';
import type { Entry } from '../service/program.ts';
import { address } from '../service/quantities.ts';
import { isExample, isUnder, nameOf } from '../walk.ts';
import { type App, findApps } from './apps.ts';
import { isScript, moduleName, type PythonEntry } from './entry.ts';
import { folderOfFile, type PythonFolder, type PythonProject } from './project.ts';
import { workersOf } from './workers.ts';

/** The programs of the Python folders: what a server serves, and what runs without a port. */
export function pythonEntries(
  project: PythonProject,
  commands: string[],
): { entries: Entry[]; notes: Note[] } {
  const notes: Note[] = [];
  const entries: Entry[] = [];
  const apps = findApps(project.files, commands);
  for (const folder of project.folders) {
    const own = apps.filter(app => folderOfFile(app.file.path, project.folders) === folder);
    const [app, ...others] = own;
    if (app) entries.push(serving(app, folder, project));
    const rivals = others.filter(
      other =>
        other.rank < 20 &&
        !other.factory &&
        other.file !== app?.file &&
        app &&
        app.rank > -50 &&
        !isOtherSide(app, other),
    );
    if (app && rivals.length > 0) notes.push(rivalNote(app, rivals));
    const files = project.files.filter(file => folderOfFile(file.path, project.folders) === folder);
    // A folder with nothing but a worker gives it its name.
    const named = (entry: PythonEntry) =>
      app || folder.dir === '.' || !/^(worker|main|job|run|app|consumer|tasks)$/.test(entry.name)
        ? entry
        : { ...entry, name: basename(folder.dir) };
    entries.push(...workersOf(files, folder, entry => entryOf(named(entry), folder)));
    if (!app) entries.push(...listening(files, folder));
  }
  return { entries, notes };
}

/** Django comes with an ASGI and a WSGI object of the same application. */
const isOtherSide = (app: App, other: App): boolean =>
  app.framework === 'django' && other.framework === 'django' && app.interface !== other.interface;

function rivalNote(app: App, rivals: App[]): Note {
  return {
    message: `several applications were found; ${app.file.path} is taken, the others are not`,
    evidence: [app, ...rivals].map(({ evidence }) => evidence),
    propose: 'Set services.<key>.build.main to another one, or add it as a service of its own.',
  };
}

function serving(app: App, folder: PythonFolder, project: PythonProject): Entry {
  const { module, sourceRoot } = moduleName(app.file.path, folder);
  const launchers = project.files.filter(file => isUnder(file.path, folder.dir) && launches(file, app.file));
  const note = app.factory ? { factory: true } : {};
  return entryOf(
    {
      name: keyFrom(folder, app.file),
      files: reachable([app.file, ...launchers]),
      main: finding(`${module}:${app.object}`, app.evidence),
      build: { ...note, interface: app.interface, ...(sourceRoot ? { sourceRoot } : {}) },
      kind: finding('http', app.evidence),
      framework: finding(app.framework, app.evidence),
      port: gunicornPort(launchers) ?? finding(8000, app.evidence, 'likely'),
    },
    folder,
  );
}

/** `bind = "0.0.0.0:8001"` in gunicorn's own configuration. */
function gunicornPort(files: SourceFile[]): Finding<number> | undefined {
  for (const file of files) {
    const bind = file.bindings.find(({ name, fn }) => name === 'bind' && !fn);
    const value =
      bind?.value && /gunicorn/.test(file.path)
        ? evaluate(bind.value, scopeOf(bind), programOf([file]))
        : undefined;
    const parsed = address(value?.text);
    if (bind && parsed) return finding(parsed.port, evidenceAt(file, bind.node));
  }
  return undefined;
}

/** Is this the file that starts a server for the application (`python -m app`, run.py)? */
function launches(file: SourceFile, app: SourceFile): boolean {
  const starts = file.calls.some(({ dotted }) =>
    /^(uvicorn\.(run|Config)|web\.run_app|hypercorn\.\w+|serve)$/.test(dotted),
  );
  return (
    (starts && file !== app && !isExample(file.path)) ||
    /(^|\/)gunicorn(\.conf|_conf|_config)?\.py$/.test(file.path)
  );
}

/** A program that listens with a library of its own: gRPC, http.server, aiohttp. */
function listening(files: SourceFile[], folder: PythonFolder): Entry[] {
  const starts = /^(add_insecure_port|add_secure_port|HTTPServer|ThreadingHTTPServer|run_app)$/;
  const file = files.find(each => !isExample(each.path) && each.calls.some(({ name }) => starts.test(name)));
  const call = file?.calls.find(({ name }) => starts.test(name));
  if (!file || !call) return [];
  const entry = files.find(each => isScript(each) && reachable([each]).includes(file)) ?? file;
  const { module, sourceRoot } = moduleName(entry.path, folder);
  const evidence = evidenceAt(file, call.node);
  return [
    entryOf(
      {
        name: keyFrom(folder, entry),
        files: reachable([entry]),
        main: finding(module, evidence),
        build: sourceRoot ? { sourceRoot } : {},
        kind: finding('http', evidence),
        command: finding(['python', '-m', module], evidence, 'likely'),
      },
      folder,
    ),
  ];
}

function entryOf(
  { name, files, main, build, kind, framework, port, command }: PythonEntry,
  folder: PythonFolder,
): Entry {
  const { dir, version, manifest, lockfile, packageManager } = folder;
  const evidence = main.evidence[0] ?? { file: dir, line: 1 };
  return {
    key: label(name, kind.value === 'http' ? 'api' : kind.value),
    dir,
    language: 'python',
    ...(framework ? { framework } : {}),
    ...(version ? { version } : {}),
    build: {
      context: dir,
      main,
      binaries: [],
      ...(manifest ? { manifest } : {}),
      ...(lockfile ? { lockfile } : {}),
      packageManager,
      ...build,
    },
    files,
    evidence,
    kind,
    ...(port ? { port } : {}),
    ...(command ? { command } : {}),
  };
}

function keyFrom(folder: PythonFolder, file: SourceFile): string {
  const name = basename(folder.dir);
  if (folder.dir !== '.' && !isGeneric(name)) return name;
  return isGeneric(nameOf(file.path)) || nameOf(file.path).startsWith('__')
    ? 'api'
    : folder.dir === '.'
      ? 'api'
      : nameOf(file.path);
}
