import { descendants, field } from '../../syntax/tree.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { programOf, reachable, type SourceFile } from '../program/facts.ts';
import type { Entry } from '../service/program.ts';
import { isExample, nameOf } from '../walk.ts';
import { isScript, moduleName, type PythonEntry } from './entry.ts';
import type { PythonFolder } from './project.ts';

/** Programs without a port: queue workers by their library, scripts that loop, scripts that end. */
export function workersOf(
  files: SourceFile[],
  folder: PythonFolder,
  make: (entry: PythonEntry) => Entry,
): Entry[] {
  const queues = files.flatMap(file => queueOf(file, folder) ?? []);
  const scripts = files.flatMap(file => scriptOf(file, folder) ?? []);
  return [...queues, ...scripts].map(make);
}

/** celery and arq are started by commands of their own. */
function queueOf(file: SourceFile, folder: PythonFolder): PythonEntry | undefined {
  const { module, sourceRoot } = moduleName(file.path, folder);
  const build = sourceRoot ? { sourceRoot } : {};
  const celery = file.bindings.find(
    binding => !binding.fn && /^(\w+\.)?Celery\(/.test(binding.value?.text.slice(0, 40) ?? ''),
  );
  if (celery) {
    const evidence = evidenceAt(file, celery.node);
    const command = ['celery', '-A', `${module}:${celery.name}`, 'worker', '--loglevel=info'];
    return {
      name: 'worker',
      files: reachable([file]),
      main: finding(`${module}:${celery.name}`, evidence),
      build,
      kind: finding('worker', evidence),
      framework: finding('celery', evidence),
      command: finding(command, evidence),
    };
  }
  const settings = descendants(file.tree.rootNode, 'class_definition').find(each =>
    /^Worker\w*Settings$|^WorkerSettings$/.test(field(each, 'name')?.text ?? ''),
  );
  if (settings && file.imports.some(({ module: from }) => from.startsWith('arq'))) {
    const evidence = evidenceAt(file, settings);
    const target = `${module}.${field(settings, 'name')?.text}`;
    return {
      name: 'worker',
      files: reachable([file]),
      main: finding(target, evidence),
      build,
      kind: finding('worker', evidence),
      framework: finding('arq', evidence),
      command: finding(['arq', target], evidence),
    };
  }
  return undefined;
}

function scriptOf(file: SourceFile, folder: PythonFolder): PythonEntry | undefined {
  if (!isScript(file) || isExample(file.path) || /(^|\/)manage\.py$/.test(file.path)) return undefined;
  const kind = kindOf(file);
  if (!kind) return undefined;
  const program = programOf(reachable([file]));
  const serves = file.calls.some(
    ({ dotted, name }) =>
      /^(uvicorn|hypercorn|gunicorn)\./.test(dotted) ||
      /^(run_app|add_insecure_port|add_secure_port|HTTPServer|ThreadingHTTPServer)$/.test(name),
  );
  const makesApp = file.calls.some(({ name }) =>
    /^(FastAPI|Flask|Starlette|Quart|Litestar|Celery|create_app)$/.test(name),
  );
  if (
    serves ||
    makesApp ||
    program.files.some(
      each => each !== file && each.calls.some(({ name }) => /^(FastAPI|Flask|Starlette|Quart)$/.test(name)),
    )
  )
    return undefined;
  const { module, sourceRoot } = moduleName(file.path, folder);
  const guard = descendants(file.tree.rootNode, 'if_statement').find(each =>
    /__name__/.test(field(each, 'condition')?.text ?? ''),
  );
  const evidence = evidenceAt(file, guard ?? file.tree.rootNode);
  const name = nameOf(file.path).startsWith('__') ? (module.split('.').at(-2) ?? kind) : nameOf(file.path);
  return {
    name,
    files: program.files,
    main: finding(module, evidence),
    build: sourceRoot ? { sourceRoot } : {},
    kind: finding(kind, evidence, 'likely'),
    command: finding(['python', '-m', module.replace(/\.__main__$/, '')], evidence, 'likely'),
  };
}

const endless =
  /^while (True|1|not )|itertools\.count\(|\.start_consuming\(|run_forever\(|\.work\(|BlockingScheduler/;

function kindOf(file: SourceFile): 'worker' | 'job' | undefined {
  const loops = descendants(file.tree.rootNode, ['while_statement', 'for_statement', 'call']).some(node =>
    endless.test(node.text.slice(0, 200)),
  );
  const name = file.path;
  if (
    /worker|consumer|daemon|scheduler|listener/.test(nameOf(name)) ||
    // Deep in a package, a script is a tool of its module.
    (loops && name.split('/').length <= 3 && !/cli|chat_?loop|repl/.test(nameOf(name)))
  )
    return 'worker';
  return /job|cron|batch|backfill|report|cleanup|digest|nightly|reindex|ingest|sync|summar/.test(nameOf(name))
    ? 'job'
    : undefined;
}
