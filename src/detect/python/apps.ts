import type { Evidence } from '../detection.ts';
import { evidenceAt } from '../evidence.ts';
import { callAt, calleeNode } from '../program/calls.ts';
import {
  type Binding,
  type FunctionDef,
  type Program,
  programOf,
  type SourceFile,
} from '../program/facts.ts';
import { identityOfBinding, resolve, scopeOf } from '../program/resolve.ts';
import { isExample, nameOf } from '../walk.ts';
import { pythonRoutes } from './routes.ts';

/** Something that a server can serve. */
export interface App {
  file: SourceFile;
  /** The name in the module. */
  object: string;
  factory: boolean;
  interface: 'asgi' | 'wsgi';
  framework: string;
  evidence: Evidence;
  rank: number;
}

const makers: Record<string, { framework: string; interface: 'asgi' | 'wsgi' }> = {
  FastAPI: { framework: 'fastapi', interface: 'asgi' },
  Starlette: { framework: 'starlette', interface: 'asgi' },
  Quart: { framework: 'quart', interface: 'asgi' },
  Litestar: { framework: 'litestar', interface: 'asgi' },
  get_asgi_application: { framework: 'django', interface: 'asgi' },
  get_wsgi_application: { framework: 'django', interface: 'wsgi' },
  Flask: { framework: 'flask', interface: 'wsgi' },
};

export function findApps(files: SourceFile[], commands: string[]): App[] {
  const program = programOf(files);
  const mounted = mountedObjects(program);
  const named = [...commands.map(word => word.replace('()', '')), ...namedInSource(program)];
  const apps = files
    .flatMap(file => [...objectsOf(file, program), ...factoriesOf(file, program)])
    .filter(app => !mounted.has(`${app.file.path}:${app.object}`));
  for (const app of apps) app.rank = rank(app, named);
  return apps.sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1));
}

/** `app = FastAPI()` at the top of a module, or `app = create_app()` where that makes one. */
function objectsOf(file: SourceFile, program: Program): App[] {
  return file.bindings.flatMap(binding => {
    if (binding.kind !== 'variable' || binding.fn || !binding.value) return [];
    const made = madeBy(binding, program, 0);
    if (!made) return [];
    return [
      {
        file,
        object: binding.name,
        factory: false,
        ...made,
        evidence: evidenceAt(file, binding.node),
        rank: 0,
      },
    ];
  });
}

type Maker = { framework: string; interface: 'asgi' | 'wsgi' };

function madeBy(binding: Binding, program: Program, depth: number): Maker | undefined {
  const call = binding.value && callAt(binding.value, binding.file);
  if (!call || depth > 4) return undefined;
  const known = Object.hasOwn(makers, call.name) ? makers[call.name] : undefined;
  if (known) return known;
  const entity = resolve(calleeNode(call), scopeOf(call), program);
  return entity?.kind === 'function' ? returned(entity.fn, program, depth + 1) : undefined;
}

/** What a function returns, if that is an application. */
function returned(fn: FunctionDef, program: Program, depth: number): Maker | undefined {
  for (const node of fn.returns) {
    const direct = callAt(node, fn.file);
    const known = direct && Object.hasOwn(makers, direct.name) ? makers[direct.name] : undefined;
    if (known) return known;
    const entity = resolve(node, { file: fn.file, fn }, program);
    const binding = entity?.kind === 'bindings' ? entity.bindings.find(each => each.value) : undefined;
    const made = binding && madeBy(binding, program, depth + 1);
    if (made) return made;
  }
  return undefined;
}

/** `def create_app() -> FastAPI`: only of use where no module calls it at its top. */
function factoriesOf(file: SourceFile, program: Program): App[] {
  return file.functions.flatMap(fn => {
    if (
      fn.parent ||
      fn.owner ||
      fn.name === '' ||
      fn.params.some(param => !param.fallback && !param.name.startsWith('*'))
    )
      return [];
    const made = returned(fn, program, 0);
    if (!made) return [];
    return [{ file, object: fn.name, factory: true, ...made, evidence: evidenceAt(file, fn.node), rank: 0 }];
  });
}

/** Applications that are mounted in another one aren't served by themselves. */
function mountedObjects(program: Program): Set<string> {
  const mounted = new Set<string>();
  for (const file of program.files) {
    for (const call of file.calls) {
      const child = pythonRoutes.mount(call)?.child;
      const key = child && identityOfBinding(child, scopeOf(call), program);
      if (key) mounted.add(key);
    }
  }
  return mounted;
}

/** `uvicorn.run("app.main:app")` says which one it is. */
function namedInSource(program: Program): string[] {
  return program.files.flatMap(file =>
    file.strings.map(({ text }) => text).filter(text => /^[\w.]+:\w+$/.test(text)),
  );
}

const usual = ['main', 'app', 'asgi', 'wsgi', 'server', 'api', '__init__'];

function rank({ file, object, factory, interface: kind, framework }: App, named: string[]): number {
  const module = file.path
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replace(/\//g, '.');
  const isNamed = named.some(text => {
    const [target = '', name] = text.split(':');
    return name === object && (module === target || module.endsWith(`.${target}`));
  });
  const at = usual.indexOf(nameOf(file.path));
  const base = isNamed ? -100 : 0;
  // Django makes both; what streams is served by ASGI.
  const django = framework === 'django' && kind === 'wsgi' ? 5 : 0;
  return (
    base +
    (isExample(file.path) ? 50 : 0) +
    (factory ? 20 : 0) +
    django +
    (at < 0 ? usual.length : at) +
    file.path.split('/').length * 0.1
  );
}
