import { field, type Node } from '../../syntax/tree.ts';
import { callAt } from '../program/calls.ts';
import type { CallSite } from '../program/facts.ts';
import type { RouteCall, RouteSyntax } from '../program/routes.ts';

/** express, fastify, koa-router, hono, polka. */
export const nodeRoutes: RouteSyntax = { route, group, mount };

const methods = /^(get|post|put|patch|delete|del|head|options|all)$/;
/** Things with a `get` that isn't a route. */
const clients =
  /(^|\.|\b)(axios|http|https|client|request|api|fetcher|got|ky|supertest|agent|cache|redis|map|headers|params|searchParams|config\w*|store|session|cookies|storage)$/i;

function route(call: CallSite): RouteCall | undefined {
  const { name, args, receiver, keywords, dotted } = call;
  const [first] = args;
  const last = args.at(-1);
  if (!receiver || !first || !last) return undefined;
  if (methods.test(name)) {
    const method = name === 'all' ? undefined : name.replace(/^del$/, 'delete').toUpperCase();
    const chained = chainedPath(receiver, call);
    if (chained && isHandler(first))
      return { method, path: chained.path, handlers: args, receiver: chained.receiver };
    if (
      args.length < 2 ||
      !isHandler(last) ||
      !looksLikePath(first) ||
      clients.test(receiver.text.slice(-60))
    )
      return undefined;
    const isSocket = keywords.get('websocket')?.text === 'true';
    return {
      method,
      path: first,
      handlers: args.slice(1),
      receiver,
      ...(isSocket ? { kind: 'websocket' as const } : {}),
    };
  }
  const url = keywords.get('url') ?? keywords.get('path');
  const handler = keywords.get('handler');
  if (name === 'route' && url && handler && first.type === 'object') {
    const method = keywords.get('method')?.text.replace(/['"`]/g, '').toUpperCase();
    return {
      ...(method && /^[A-Z]+$/.test(method) ? { method } : {}),
      path: url,
      handlers: [handler],
      receiver,
    };
  }
  if (
    name === 'use' &&
    args.length >= 2 &&
    /metrics/.test(first.text.slice(0, 40)) &&
    first.type === 'string'
  ) {
    return { path: first, handlers: args.slice(1), receiver, metrics: true };
  }
  if (name === 'ws' && args.length >= 2 && looksLikePath(first) && dotted !== 'http.ws')
    return { path: first, handlers: args.slice(1), receiver, kind: 'websocket' };
  return undefined;
}

/** `router.route('/x').get(list).post(create)` */
function chainedPath(receiver: Node, call: CallSite): { path: Node; receiver: Node } | undefined {
  let above = callAt(receiver, call.file);
  while (above && methods.test(above.name) && above.receiver) above = callAt(above.receiver, call.file);
  const path = above?.name === 'route' ? above.args[0] : undefined;
  return above?.receiver && path && above.args.length === 1 && path.type !== 'object'
    ? { path, receiver: above.receiver }
    : undefined;
}

function looksLikePath(node: Node): boolean {
  if (node.type === 'string' || node.type === 'template_string') return /^['"`](\/|\*|['"`])/.test(node.text);
  return node.type === 'identifier' || node.type === 'member_expression' || node.type === 'binary_expression';
}

function isHandler(node: Node): boolean {
  return /^(arrow_function|function_expression|identifier|member_expression|call_expression)$/.test(
    node.type,
  );
}

function group(call: CallSite): { receiver?: Node; prefix?: Node } | undefined {
  const [first] = call.args;
  if (call.name === 'basePath' && call.receiver && first) return { receiver: call.receiver, prefix: first };
  const prefix = call.keywords.get('prefix');
  return prefix && /Router$/.test(call.name) && call.node.type === 'new_expression' ? { prefix } : undefined;
}

function mount(call: CallSite): { receiver?: Node; prefix?: Node; child: Node } | undefined {
  const { name, args, receiver, keywords } = call;
  const [first] = args;
  const last = args.at(-1);
  if (!first || !last || !receiver) return undefined;
  if (name === 'use')
    return args.length > 1 && looksLikePath(first)
      ? { receiver, prefix: first, child: last }
      : { receiver, child: last };
  if (name === 'route' && args.length === 2) return { receiver, prefix: first, child: last };
  if (name === 'register') {
    const prefix = keywords.get('prefix');
    return { receiver, ...(prefix ? { prefix } : {}), child: first };
  }
  return undefined;
}

/** What a decorator such as `@Get('stream')` says, for Nest. */
export function decoratorCall(decorator: Node): { name: string; argument?: Node | undefined } | undefined {
  const call = decorator.namedChild(0);
  if (call?.type !== 'call_expression') return undefined;
  const argument = field(call, 'arguments')?.namedChild(0) ?? undefined;
  return { name: field(call, 'function')?.text ?? '', argument };
}
