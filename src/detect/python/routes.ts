import { contains, field, type Node } from '../../syntax/tree.ts';
import { evaluate } from '../program/evaluate.ts';
import type { CallSite, Program } from '../program/facts.ts';
import { scopeOf } from '../program/resolve.ts';
import { joinPaths, type Route, type RouteCall, type RouteSyntax } from '../program/routes.ts';
import { textsIn } from './shape.ts';

/** FastAPI, Starlette, Flask, Quart, Litestar and aiohttp. */
export const pythonRoutes: RouteSyntax = { route, group, mount };

const methods = /^(get|post|put|patch|delete|head|options)$/;

function route(call: CallSite): RouteCall | undefined {
  const { name, args, receiver } = call;
  const [first, second] = args;
  const decorated = decoratedBy(call);
  if (decorated && first) {
    const handlers = [decorated];
    if (methods.test(name)) return { method: name.toUpperCase(), path: first, handlers, receiver };
    if (name === 'websocket' || name === 'websocket_route')
      return { path: first, handlers, receiver, kind: 'websocket' };
    if (name === 'route' || name === 'api_route')
      return { method: methodOf(call), path: first, handlers, receiver };
    return undefined;
  }
  if (!first) return undefined;
  const endpoint = second ?? call.keywords.get('endpoint') ?? call.keywords.get('view_func');
  if (/^add_(api_route|route|url_rule|api_websocket_route)$/.test(name) && endpoint) {
    return {
      method: methodOf(call),
      path: first,
      handlers: [call.keywords.get('view_func') ?? endpoint],
      receiver,
    };
  }
  const aiohttp =
    /^(?:add_)(get|post|put|delete|patch)$/.exec(name)?.[1] ??
    /^web\.(get|post|put|delete|patch)$/.exec(call.dotted)?.[1];
  if (aiohttp && endpoint) return { method: aiohttp.toUpperCase(), path: first, handlers: [endpoint] };
  if (name === 'mount' && second && textsIn(first)[0]?.includes('metrics'))
    return { path: first, handlers: [second], receiver, metrics: true };
  return undefined;
}

/** The function below the decorator that this call is. */
function decoratedBy(call: CallSite): Node | undefined {
  const decorator = call.node.parent;
  const definition =
    decorator?.type === 'decorator' && decorator.parent ? field(decorator.parent, 'definition') : undefined;
  return definition?.type === 'function_definition' ? definition : undefined;
}

function methodOf(call: CallSite): string | undefined {
  const list = call.keywords.get('methods');
  return list ? textsIn(list)[0]?.toUpperCase() : call.name === 'route' && call.receiver ? 'GET' : undefined;
}

function group(call: CallSite): { receiver?: Node; prefix?: Node } | undefined {
  const prefix = call.keywords.get('prefix') ?? call.keywords.get('url_prefix');
  return prefix && /^(APIRouter|Blueprint|Router|FastAPI)$/.test(call.name) ? { prefix } : undefined;
}

function mount(call: CallSite): { receiver?: Node; prefix?: Node; child: Node } | undefined {
  const { name, args, keywords, receiver } = call;
  const [first, second] = args;
  const prefix = keywords.get('prefix') ?? keywords.get('url_prefix');
  const below = receiver ? { receiver } : {};
  if (/^(include_router|register_blueprint)$/.test(name) && first)
    return { ...below, ...(prefix ? { prefix } : {}), child: first };
  const child = second ?? keywords.get('app');
  return name === 'mount' && first && child ? { ...below, prefix: first, child } : undefined;
}

/** Routes given as a list: Starlette's `Route("/x", endpoint)` below `Mount("/api", …)`, Django's `path("x", view)`. */
export function listedRoutes(program: Program): Route[] {
  return program.files.flatMap(file =>
    file.calls.flatMap((call): Route[] => {
      const [first] = call.args;
      if (call.name === 'expose' && call.dotted.includes('nstrument')) {
        const endpoint = call.keywords.get('endpoint');
        return [
          {
            method: 'GET',
            path: (endpoint && textsIn(endpoint)[0]) ?? '/metrics',
            call,
            handlers: [],
            metrics: true,
          },
        ];
      }
      if (!first || !/^(Route|WebSocketRoute|path|re_path)$/.test(call.name) || call.receiver) return [];
      const text = evaluate(first, scopeOf(call), program)?.text;
      const endpoint = call.args[1] ?? call.keywords.get('endpoint');
      if (text === undefined || !endpoint || /\binclude\(/.test(endpoint.text.slice(0, 40))) return [];
      const isDjango = call.name === 'path' || call.name === 're_path';
      if (isDjango && !/urlpatterns/.test(file.text)) return [];
      const prefixes = isDjango ? includedUnder(file.path, program) : [enclosingMounts(call, program)];
      return prefixes.map(prefix => ({
        ...(call.name === 'Route' && call.keywords.has('methods') ? { method: methodOf(call) } : {}),
        path: joinPaths(prefix, text.replace(/^\^|\$$/g, '')),
        call,
        handlers: [endpoint],
        ...(call.name === 'WebSocketRoute' ? { kind: 'websocket' as const } : {}),
      }));
    }),
  );
}

function enclosingMounts(call: CallSite, program: Program): string {
  const around = call.file.calls.filter(
    each => each.name === 'Mount' && each !== call && contains(each.node, call.node),
  );
  return around
    .map(each => (each.args[0] && evaluate(each.args[0], scopeOf(each), program)?.text) ?? '')
    .join('/');
}

/** Django: `path("api/", include("chat.urls"))` in another file. */
function includedUnder(path: string, program: Program): string[] {
  const module = path.replace(/\.py$/, '').replace(/\//g, '.');
  const prefixes = program.files.flatMap(file =>
    file.calls
      .filter(
        call =>
          call.name === 'include' &&
          call.args[0] &&
          textsIn(call.args[0]).some(text => module.endsWith(text)),
      )
      .flatMap(include => {
        const outer = file.calls.find(
          call => /^(re_)?path$/.test(call.name) && call.args[1] && contains(call.args[1], include.node),
        );
        return outer?.args[0] ? textsIn(outer.args[0]).slice(0, 1) : [];
      }),
  );
  return prefixes.length > 0 ? prefixes : [''];
}
