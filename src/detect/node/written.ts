import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { CallSite, Program, SourceFile } from '../program/facts.ts';
import { joinPaths, type Route } from '../program/routes.ts';
import { decoratorCall } from './routes.ts';
import { shapeOf, unquote } from './shape.ts';

/** Routes that aren't calls on a router: tables and comparisons of node:http programs, Nest's decorators, socket servers. */
export function writtenRoutes(program: Program): Route[] {
  return program.files.flatMap(file => [
    ...tableRoutes(file),
    ...comparedRoutes(file),
    ...nestRoutes(file, program),
    ...socketRoutes(file, program),
  ]);
}

/** A call site stands for the place; these have none of their own. */
function place(node: Node, file: SourceFile): CallSite {
  const fn = file.functions.findLast(
    def => def.node.startIndex <= node.startIndex && node.endIndex <= def.node.endIndex,
  );
  return { node, dotted: '', name: '', args: [], keywords: new Map(), file, fn };
}

/** `{ 'GET /health/live': live }` and `routes['GET /metrics'] = scrape` */
function tableRoutes(file: SourceFile): Route[] {
  const entries = descendants(file.tree.rootNode, ['pair', 'assignment_expression']);
  return entries.flatMap(node => {
    const left = field(node, 'key') ?? field(node, 'left');
    const handler = field(node, 'value') ?? field(node, 'right');
    const key = left?.type === 'subscript_expression' ? field(left, 'index') : left;
    if (
      !handler ||
      key?.type !== 'string' ||
      !/^(arrow_function|function_expression|identifier|member_expression|call_expression)$/.test(
        handler.type,
      )
    )
      return [];
    const match = /^(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )(\/\S*)$/.exec(unquote(key));
    return match?.[2]
      ? [{ method: match[1], path: match[2], call: place(node, file), handlers: [handler] }]
      : [];
  });
}

const urlText = /\b(url|pathname|path|originalUrl)\b/;

/** `req.url === '/health'`, `case '/metrics':` in a switch over the path. */
function comparedRoutes(file: SourceFile): Route[] {
  if (
    !file.imports.some(({ module }) => /^(node:)?https?2?$/.test(module)) &&
    !/createServer|Bun\.serve/.test(file.text)
  )
    return [];
  return descendants(file.tree.rootNode, 'string').flatMap(node => {
    const path = unquote(node);
    if (!path.startsWith('/') || /\s/.test(path)) return [];
    const body = handlerOfComparison(node);
    if (!body) return [];
    const condition = conditionOf(node);
    const method = /method\s*===?\s*['"](\w+)['"]/.exec(condition)?.[1];
    return [{ ...(method ? { method } : {}), path, call: place(node, file), handlers: [body] }];
  });
}

function handlerOfComparison(node: Node): Node | undefined {
  const parent = node.parent;
  if (parent?.type === 'switch_case') {
    const subject = parent.parent?.parent && field(parent.parent.parent, 'value');
    return subject && urlText.test(subject.text) ? parent : undefined;
  }
  if (
    parent?.type !== 'binary_expression' ||
    !/^={2,3}$/.test(field(parent, 'operator')?.text ?? '') ||
    !urlText.test(parent.text.replace(node.text, ''))
  )
    return undefined;
  for (let at = parent.parent; at; at = at.parent)
    if (at.type === 'if_statement') return field(at, 'consequence');
  return undefined;
}

function conditionOf(node: Node): string {
  for (let at = node.parent; at; at = at.parent)
    if (at.type === 'if_statement') return field(at, 'condition')?.text ?? '';
  return '';
}

const nestMethods: Record<string, string | undefined> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Sse: 'GET',
};

function nestRoutes(file: SourceFile, program: Program): Route[] {
  if (!file.imports.some(({ module }) => module.startsWith('@nestjs/'))) return [];
  const global = (program.callsByName.get('setGlobalPrefix') ?? [])[0]?.args[0];
  const prefix = textOf(global);
  return descendants(file.tree.rootNode, ['class_declaration', 'class']).flatMap(definition => {
    const decorators = [
      ...children(definition),
      ...(definition.parent ? children(definition.parent) : []),
    ].filter(child => child.type === 'decorator');
    const controller = decorators.map(decoratorCall).find(call => call?.name === 'Controller');
    const body = field(definition, 'body');
    if (!controller || !body) return [];
    const members = children(body);
    return members.flatMap((member, index) =>
      methodRoutes(member, members, index).map(route => ({
        ...route,
        path: joinPaths(prefix, joinPaths(textOf(controller.argument), route.path)),
        call: place(member, file),
      })),
    );
  });
}

/** Decorators stand before the method they belong to. */
function methodRoutes(member: Node, members: Node[], index: number): Omit<Route, 'call'>[] {
  const call = member.type === 'decorator' ? decoratorCall(member) : undefined;
  if (!call || !Object.hasOwn(nestMethods, call.name)) return [];
  const method = members.slice(index + 1).find(each => each.type === 'method_definition');
  const kind = call.name === 'Sse' ? { kind: 'sse' as const } : {};
  return [
    {
      method: nestMethods[call.name],
      path: `/${textOf(call.argument)}`,
      handlers: method ? [method] : [],
      ...kind,
    },
  ];
}

function textOf(node: Node | undefined): string {
  if (!node) return '';
  if (node.type === 'object') {
    const pair = children(node).find(each => field(each, 'key')?.text === 'path');
    return textOf(pair && field(pair, 'value'));
  }
  const shape = shapeOf(node);
  return shape.kind === 'text' ? shape.text : '';
}

/** `new WebSocketServer({ server, path: '/ws' })`, socket.io. */
function socketRoutes(file: SourceFile, program: Program): Route[] {
  const imports = (name: string) => file.imports.some(({ module }) => module === name);
  return file.calls.flatMap(call => {
    if (call.node.type !== 'new_expression') return [];
    const path = textOf(call.keywords.get('path'));
    if (/(^|\.)(WebSocketServer|Server|WebSocket\.Server)$/.test(call.dotted) && imports('ws')) {
      const upgraded = path || upgradePath(program);
      return [{ path: upgraded || '/', call, handlers: [], kind: 'websocket' as const }];
    }
    return call.name === 'Server' && imports('socket.io')
      ? [{ path: path || '/socket.io/', call, handlers: [], kind: 'websocket' as const }]
      : [];
  });
}

/** With `noServer`, the path is compared where the upgrade is handled. */
function upgradePath(program: Program): string {
  for (const call of program.callsByName.get('on') ?? []) {
    if (!call.args[0] || textOf(call.args[0]) !== 'upgrade') continue;
    const literal = call.file.strings.find(
      ({ text, node }) => /^\/[\w/-]+$/.test(text) && node.startIndex > call.node.startIndex,
    );
    if (literal) return literal.text;
  }
  return '';
}
