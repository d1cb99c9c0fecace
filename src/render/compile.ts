import type Handlebars from 'handlebars';
import type { Format, Surroundings } from './format.ts';
import { formatOf } from './formats.ts';
import { expressionHelpers } from './helpers.ts';

type Compiler = Pick<typeof Handlebars, 'parse' | 'precompile'>;
type Node = hbs.AST.Node & Record<string, unknown>;

const BLOCKS: ReadonlySet<string> = new Set(['each', 'if', 'unless', 'with']);

/** The lookup's helper: a name that no template can call. */
export const GET = 'get of';

/** A template that can not be compiled, named with the place in it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Compiles a template to the source of a JavaScript object. Every value goes through the escaping
 * helper of the template's format, and every name is looked up by `get`, which knows no undefined.
 * Errors name it as `file`.
 */
export function compileTemplate(id: string, text: string, compiler: Compiler, file = id): string {
  const format = formatOf(id);
  const source = text.replaceAll('\r\n', '\n');
  const ast = parse(file, source, compiler);
  rewrite(ast as unknown as Node, { file, format, lines: source.split('\n'), blockParams: [] });
  const names = [...BLOCKS, GET, ...Object.keys(expressionHelpers), `${format.id}:write`];
  for (const name of Object.keys(format.helpers ?? {})) names.push(`${format.id}:${name}`);
  return String(
    compiler.precompile(ast, {
      strict: true,
      noEscape: true,
      ignoreStandalone: true, // parse() has dealt with standalone lines
      knownHelpersOnly: true,
      knownHelpers: Object.fromEntries(names.map(name => [name, true])) as KnownHelpers,
    }),
  );
}

function parse(file: string, source: string, compiler: Compiler): hbs.AST.Program {
  try {
    return compiler.parse(source, { srcName: file });
  } catch (error) {
    throw new TemplateError(
      `${file}: ${(error as Error).message.replace(/^Parse error on line (\d+)/, 'line $1')}`,
    );
  }
}

interface Scope {
  readonly file: string;
  readonly format: Format;
  readonly lines: readonly string[];
  /** Names that `as |name|` brought in. */
  readonly blockParams: readonly string[];
}

function rewrite(node: Node, scope: Scope): void {
  switch (node.type) {
    case 'Program': {
      const inner = {
        ...scope,
        blockParams: [...scope.blockParams, ...((node['blockParams'] as string[]) ?? [])],
      };
      const body = node['body'] as Node[];
      body.forEach((statement, index) => {
        rewrite(statement, inner);
        const before = body[index - 1];
        if (statement['ownBlank'] && before?.type === 'ContentStatement') {
          before['value'] = String(before['value']).replace(/ +$/, '');
        }
      });
      return;
    }
    case 'MustacheStatement':
      mustache(node as unknown as hbs.AST.MustacheStatement, scope);
      return;
    case 'BlockStatement': {
      const name = (node['path'] as hbs.AST.PathExpression).original;
      if (!BLOCKS.has(name))
        fail(scope, node, `no block is named "${name}"; there are ${[...BLOCKS].join(', ')}`);
      rewriteArguments(node, scope);
      for (const part of [node['program'], node['inverse']]) if (part) rewrite(part as Node, scope);
      return;
    }
    case 'PartialStatement':
      if ((node['name'] as Node).type === 'SubExpression')
        fail(scope, node, 'a partial is named, not computed');
      rewriteArguments(node, scope);
      return;
    case 'ContentStatement':
    case 'CommentStatement':
      return;
    default:
      fail(scope, node, `${node.type} is not known here`);
  }
}

function mustache(node: hbs.AST.MustacheStatement, scope: Scope): void {
  const open = /^\{\{~?/.exec(sourceOf(node, scope))?.[0].length ?? 2;
  if (!node.escaped || /^[{&]/.test(sourceOf(node, scope).slice(open))) {
    fail(scope, node, 'a template cannot write a raw value; use {{...}}');
  }
  const { format } = scope;
  const place = placeOf(node, scope);
  const called = node.params.length > 0 || node.hash !== undefined;
  const helper =
    called && format.helpers && Object.hasOwn(format.helpers, nameOf(node)) ? nameOf(node) : undefined;
  if (helper !== undefined) {
    rewriteArguments(node as unknown as Node, scope);
    const behindKey = place.startsWith('value') && format.ownBlank?.includes(helper);
    if (behindKey) (node as unknown as Node)['ownBlank'] = true;
  } else {
    const inner = called ? { ...node, type: 'SubExpression' } : node.path;
    node.params = [expression(inner as unknown as Node, scope)] as unknown as hbs.AST.Expression[];
    delete (node as Partial<hbs.AST.MustacheStatement>).hash;
  }
  node.path = callee(`${format.id}:${helper ?? 'write'}`, node.loc);
  node.params = [...node.params.slice(0, 1), literal(place, node.loc), ...node.params.slice(1)];
}

/** What a value is written by: its place in the format, or why there is none. */
function placeOf(node: hbs.AST.Node, scope: Scope): string {
  try {
    return scope.format.place?.(surroundings(node, scope.lines)) ?? '';
  } catch (error) {
    return fail(scope, node, (error as Error).message);
  }
}

function surroundings({ loc }: hbs.AST.Node, lines: readonly string[]): Surroundings {
  const visible = (text: string) =>
    text.replaceAll(/\{\{~?[#/!>].*?\}\}|\{\{~?else\b.*?\}\}/g, '').replaceAll(/\{\{.*?\}\}/g, '\ufffc');
  const above = lines.slice(0, loc.start.line - 1);
  return {
    before: visible((lines[loc.start.line - 1] ?? '').slice(0, loc.start.column)),
    after: visible((lines[loc.end.line - 1] ?? '').slice(loc.end.column)),
    above: above.filter(line => visible(line).trim() !== '' || line.trim() === '').map(visible),
  };
}

function expression(node: Node, scope: Scope): Node {
  if (node.type === 'PathExpression') return lookup(node as unknown as hbs.AST.PathExpression, scope);
  if (node.type !== 'SubExpression') return node;
  const name = nameOf(node as unknown as hbs.AST.SubExpression);
  if (!Object.hasOwn(expressionHelpers, name)) {
    fail(scope, node, `no helper is named "${name}"; there are ${Object.keys(expressionHelpers).join(', ')}`);
  }
  rewriteArguments(node, scope);
  return node;
}

function rewriteArguments(node: Node, scope: Scope): void {
  node['params'] = (node['params'] as Node[]).map(param => expression(param, scope));
  const pairs = (node['hash'] as { pairs: { value: Node }[] } | undefined)?.pairs ?? [];
  for (const pair of pairs) pair.value = expression(pair.value, scope);
}

/** `a.b` becomes `(get this "a" "b")`, so that a missing name is an error wherever it stands. */
function lookup(path: hbs.AST.PathExpression, scope: Scope): Node {
  const scoped = path.data || (path.depth === 0 && scope.blockParams.includes(path.parts[0] ?? ''));
  const rest = path.parts.slice(scoped ? 1 : 0);
  if (rest.length === 0) return path as unknown as Node;
  const root = {
    ...path,
    parts: path.parts.slice(0, scoped ? 1 : 0),
    original: scoped ? path.original : 'this',
  };
  return {
    type: 'SubExpression',
    path: callee(GET, path.loc),
    params: [root, ...rest.map(part => literal(part, path.loc))],
    loc: path.loc,
  } as unknown as Node;
}

function nameOf(node: { path: hbs.AST.PathExpression | hbs.AST.Literal }): string {
  return String((node.path as hbs.AST.PathExpression).original);
}

function callee(name: string, loc: hbs.AST.SourceLocation): hbs.AST.PathExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc };
}

function literal(value: string, loc: hbs.AST.SourceLocation): hbs.AST.StringLiteral {
  return { type: 'StringLiteral', value, original: value, loc };
}

function sourceOf({ loc }: hbs.AST.Node, scope: Scope): string {
  return (scope.lines[loc.start.line - 1] ?? '').slice(loc.start.column);
}

function fail(scope: Scope, { loc }: hbs.AST.Node, reason: string): never {
  throw new TemplateError(`${scope.file}:${loc.start.line}:${loc.start.column + 1}: ${reason}`);
}
