import { children, field, type Node } from '../../syntax/tree.ts';
import { callAt } from '../program/calls.ts';
import type { CallSite } from '../program/facts.ts';
import type { RouteCall, RouteSyntax } from '../program/routes.ts';

const methods = /^(get|post|put|patch|delete|head|options|any|all)$/i;

/** net/http, chi, gin, echo, fiber and gorilla/mux say the same things with a few names. */
export const goRoutes: RouteSyntax = { route, group, mount };

function route(call: CallSite): RouteCall | undefined {
  const { name, args, receiver } = call;
  const [first, second] = args;
  if (!first || !receiver) return undefined;
  const handlers = args.slice(1);
  if ((name === 'HandleFunc' || name === 'Handle') && second) {
    // gin's Handle has the method first.
    if (args.length >= 3 && isMethod(first))
      return { method: literal(first), path: second, handlers: args.slice(2), receiver };
    return looksLikePath(first)
      ? { method: chainedMethod(call), path: first, handlers, receiver }
      : undefined;
  }
  if (
    (name === 'Method' || name === 'MethodFunc' || name === 'Add') &&
    args.length >= 3 &&
    second &&
    isMethod(first)
  ) {
    return { method: literal(first), path: second, handlers: args.slice(2), receiver };
  }
  // `http.Post(url, …)` calls; it routes nothing.
  const isPackage =
    receiver.type === 'identifier' && call.file.imports.some(({ local }) => local === receiver.text);
  if (methods.test(name) && second && !isPackage && looksLikePath(first)) {
    const method = /^(any|all)$/i.test(name) ? undefined : name.toUpperCase();
    return { method, path: first, handlers, receiver };
  }
  if (name === 'HandlerFunc' || name === 'Handler') return muxChain(call);
  return undefined;
}

/** `r.Methods("GET").Path("/x").HandlerFunc(h)` */
function muxChain(call: CallSite): RouteCall | undefined {
  let path: Node | undefined;
  let method: string | undefined;
  let at = call.receiver && callAt(call.receiver, call.file);
  let receiver: Node | undefined;
  while (at) {
    if (at.name === 'Path') path = at.args[0];
    if (at.name === 'Methods' && at.args[0]) method = literal(at.args[0]);
    receiver = at.receiver;
    at = receiver && callAt(receiver, call.file);
  }
  return path ? { method, path, handlers: call.args, receiver } : undefined;
}

function chainedMethod(call: CallSite): string | undefined {
  const outer = call.node.parent;
  if (outer?.type !== 'selector_expression' || field(outer, 'field')?.text !== 'Methods') return undefined;
  const args = outer.parent && field(outer.parent, 'arguments');
  const first = args && children(args)[0];
  return first ? literal(first) : undefined;
}

function literal(node: Node): string {
  return node.text
    .replace(/^["`]|["`]$/g, '')
    .replace(/^http\.Method(\w+)$/, (_, name: string) => name.toUpperCase());
}

function isMethod(node: Node): boolean {
  return /^(["`](GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)["`]|http\.Method\w+)$/.test(node.text);
}

/** A path, or something that may come to one; a header's name or a URL isn't. */
function looksLikePath(node: Node): boolean {
  if (/string_literal$/.test(node.type)) return /^["`]([A-Z]+ )?(\/|$|["`])/.test(node.text);
  return /identifier|selector_expression|binary_expression/.test(node.type);
}

function group(call: CallSite): { receiver?: Node; prefix?: Node } | undefined {
  const { name, receiver, args } = call;
  if (!receiver) return undefined;
  const [first] = args;
  if (name === 'Group' && first && first.type !== 'func_literal') return { receiver, prefix: first };
  if (name === 'With' || name === 'Use') return { receiver };
  if (name === 'Subrouter') {
    const above = callAt(receiver, call.file);
    const prefix = above?.name === 'PathPrefix' ? above.args[0] : undefined;
    return above?.receiver && prefix ? { receiver: above.receiver, prefix } : { receiver };
  }
  return undefined;
}

function mount(call: CallSite): { receiver?: Node; prefix?: Node; child: Node } | undefined {
  const { name, receiver, args } = call;
  const [first, second] = args;
  if (!first) return undefined;
  if ((name === 'Route' || name === 'Mount') && receiver && second)
    return { receiver, prefix: first, child: second };
  if (name === 'Group' && receiver && first.type === 'func_literal') return { receiver, child: first };
  if (call.dotted === 'http.StripPrefix' && second) return { prefix: first, child: second };
  return undefined;
}
