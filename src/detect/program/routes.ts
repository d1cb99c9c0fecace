import type { Node } from '../../syntax/tree.ts';
import { callersOf } from './callers.ts';
import { callAt, calleeNode } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { Binding, CallSite, FunctionDef, Program } from './facts.ts';
import { type Entity, resolve, type Scope, scopeOf } from './resolve.ts';

/** What a framework's calls mean, so that prefixes can be followed through groups, mounts and modules. */
export interface RouteSyntax {
  /** Adds a route. */
  route(call: CallSite): RouteCall | undefined;
  /** Makes a router below another one (`r.Group("/v1")`), or one with a prefix of its own (`APIRouter(prefix=…)`). */
  group(call: CallSite): { receiver?: Node; prefix?: Node } | undefined;
  /** Puts a router or a function that fills one under a prefix. */
  mount(call: CallSite): { receiver?: Node; prefix?: Node; child: Node } | undefined;
}

export interface RouteCall {
  method?: string | undefined;
  path: Node;
  handlers: Node[];
  receiver?: Node | undefined;
  kind?: 'websocket' | 'sse';
  /** `/metrics` of an exporter, whatever its handler looks like. */
  metrics?: boolean;
}

export interface Route {
  method?: string | undefined;
  path: string;
  call: CallSite;
  handlers: Node[];
  kind?: 'websocket' | 'sse' | undefined;
  metrics?: boolean | undefined;
  /** Identity of the router at the root, to tell listeners apart. */
  root?: string;
}

type Mount = { call: CallSite; prefix?: Node; receiver?: Node };

export function routesOf(program: Program, syntax: RouteSyntax): Route[] {
  const context: Context = { program, syntax, mounts: mountsOf(program, syntax) };
  const routes: Route[] = [];
  for (const file of program.files) {
    for (const call of file.calls) {
      const route = syntax.route(call);
      const written = route && evaluate(route.path, scopeOf(call), program)?.text;
      if (!route || written === undefined) continue;
      const pattern = /^([A-Z]+)\s+(.*)$/.exec(written);
      const path = pattern?.[2] ?? written;
      const method = route.method ?? pattern?.[1];
      for (const prefix of route.receiver
        ? prefixesOf(route.receiver, scopeOf(call), context, 0)
        : [{ path: '' }]) {
        routes.push({
          ...route,
          method,
          path: joinPaths(prefix.path, path),
          call,
          ...(prefix.root ? { root: prefix.root } : {}),
        });
      }
    }
  }
  return routes;
}

interface Context {
  program: Program;
  syntax: RouteSyntax;
  mounts: Map<string, Mount[]>;
}

interface Prefix {
  path: string;
  root?: string;
}

export function joinPaths(prefix: string, path: string): string {
  const joined = `/${prefix}/${path}`.replace(/\/+/g, '/');
  return joined.length > 1 && !path.endsWith('/') ? joined.replace(/\/$/, '') : joined;
}

function mountsOf(program: Program, syntax: RouteSyntax): Map<string, Mount[]> {
  const mounts = new Map<string, Mount[]>();
  for (const file of program.files) {
    for (const call of file.calls) {
      const mount = syntax.mount(call);
      const key = mount && identityOf(mount.child, scopeOf(call), program);
      if (!mount || !key) continue;
      const list = mounts.get(key) ?? [];
      list.push({
        call,
        ...(mount.prefix ? { prefix: mount.prefix } : {}),
        ...(mount.receiver ? { receiver: mount.receiver } : {}),
      });
      mounts.set(key, list);
    }
  }
  return mounts;
}

/** The same router has the same identity wherever it's named. */
export function identityOf(node: Node, scope: Scope, program: Program): string | undefined {
  const bare = unwrap(node, scope);
  const call = scope.file.syntax.shape(bare).kind === 'module' ? undefined : callAt(bare, scope.file);
  if (call) {
    // koa: `app.use(router.routes())`
    if (call.name === 'routes' && call.receiver) return identityOf(call.receiver, scope, program);
    const callee = resolve(calleeNode(call), scope, program);
    if (callee?.kind === 'function') return functionKey(callee.fn);
    const inner = call.args[0];
    return inner && /^(StripPrefix|asgi|Handler|WrapH|HandlerFunc)$/.test(call.name)
      ? identityOf(call.args.at(-1) ?? inner, scope, program)
      : undefined;
  }
  const entity = resolve(node, scope, program);
  return entity && entityKey(entity, program);
}

function unwrap(node: Node, scope: Scope): Node {
  const shape = scope.file.syntax.shape(node);
  return shape.kind === 'wrap' ? unwrap(shape.node, scope) : node;
}

function entityKey(entity: Entity, program: Program): string | undefined {
  if (entity.kind === 'function') return functionKey(entity.fn);
  if (entity.kind === 'parameter') return `parameter ${entity.index} of ${functionKey(entity.fn)}`;
  if (entity.kind !== 'bindings') return undefined;
  const [first] = entity.bindings;
  if (!first) return undefined;
  // `export default router` and `s.mux = mux` name a router that has its identity already.
  const shape = first.value && first.file.syntax.shape(first.value);
  if (
    first.value &&
    (shape?.kind === 'name' ||
      shape?.kind === 'wrap' ||
      shape?.kind === 'function' ||
      shape?.kind === 'member')
  ) {
    const passed = resolve(first.value, scopeOf(first), program);
    if (passed && passed !== entity && !(passed.kind === 'bindings' && passed.bindings[0] === first))
      return entityKey(passed, program) ?? bindingKey(first);
  }
  const made = first.value && callAt(first.value, first.file);
  const maker = made && resolve(calleeNode(made), scopeOf(made), program);
  if (maker?.kind === 'function') return functionKey(maker.fn);
  return bindingKey(first);
}

function bindingKey(binding: Binding): string {
  return `${binding.kind} ${binding.name} in ${binding.file.path}:${binding.kind === 'field' ? '' : (binding.fn?.node.startIndex ?? '')}`;
}

function functionKey(fn: FunctionDef): string {
  return `function at ${fn.file.path}:${fn.node.startIndex}`;
}

function prefixesOf(node: Node, scope: Scope, context: Context, depth: number): Prefix[] {
  if (depth > 10) return [{ path: '' }];
  const bare = unwrap(node, scope);
  const call = callAt(bare, scope.file);
  if (call) return fromRouterCall(call, undefined, context, depth);
  const entity = resolve(bare, scope, context.program);
  if (entity?.kind === 'parameter') return fromParameter(entity.fn, entity.index, context, depth);
  if (entity?.kind !== 'bindings') return [{ path: '', root: bare.text }];
  const binding = entity.bindings.find(each => each.value) ?? entity.bindings[0];
  if (!binding?.value) return [{ path: '', ...(binding ? { root: bindingKey(binding) } : {}) }];
  const made = callAt(unwrap(binding.value, scopeOf(binding)), binding.file);
  if (made) return fromRouterCall(made, binding, context, depth);
  const passed = resolve(binding.value, scopeOf(binding), context.program);
  if (passed?.kind === 'parameter' || passed?.kind === 'bindings')
    return prefixesOf(binding.value, scopeOf(binding), context, depth + 1);
  return [{ path: '', root: bindingKey(binding) }];
}

/** A router made by a call: its own prefix, below its parent's or below what it is mounted under. */
function fromRouterCall(
  call: CallSite,
  binding: Binding | undefined,
  context: Context,
  depth: number,
): Prefix[] {
  const group = context.syntax.group(call);
  const own = group?.prefix ? (evaluate(group.prefix, scopeOf(call), context.program)?.text ?? '') : '';
  const maker = resolve(calleeNode(call), scopeOf(call), context.program);
  const above = group?.receiver
    ? prefixesOf(group.receiver, scopeOf(call), context, depth + 1)
    : mountedUnder(binding, maker?.kind === 'function' ? maker.fn : call.fn, context, depth);
  return above.map(prefix => ({ ...prefix, path: joinPaths(prefix.path, own) }));
}

function mountedUnder(
  binding: Binding | undefined,
  fn: FunctionDef | undefined,
  context: Context,
  depth: number,
): Prefix[] {
  const keys = [...(binding ? [bindingKey(binding)] : []), ...(fn ? [functionKey(fn)] : [])];
  const mounts = keys.flatMap(key => context.mounts.get(key) ?? []);
  const root = binding ? bindingKey(binding) : fn ? functionKey(fn) : '';
  if (mounts.length === 0) return [{ path: '', root }];
  return mounts.flatMap(mount => mountPrefixes(mount, context, depth));
}

function mountPrefixes({ call, prefix, receiver }: Mount, context: Context, depth: number): Prefix[] {
  const own = (prefix && evaluate(prefix, scopeOf(call), context.program)?.text) ?? '';
  const above = receiver ? prefixesOf(receiver, scopeOf(call), context, depth + 1) : [{ path: '' }];
  return above.map(each => ({ ...each, path: joinPaths(each.path, own) }));
}

/** A router that a function is given: by whoever calls it, or by the framework it was handed to. */
function fromParameter(fn: FunctionDef, index: number, context: Context, depth: number): Prefix[] {
  const mounts = context.mounts.get(functionKey(fn)) ?? [];
  const handed = mounts.flatMap(mount => mountPrefixes(mount, context, depth));
  const called = callersOf(fn, context.program).flatMap(call => {
    const given = call.args[index];
    return given ? prefixesOf(given, scopeOf(call), context, depth + 1) : [];
  });
  const all = [...handed, ...called];
  if (all.length > 0)
    return all.filter((each, at) => all.findIndex(other => other.path === each.path) === at);
  return [{ path: '', root: `parameter ${index} of ${functionKey(fn)}` }];
}
