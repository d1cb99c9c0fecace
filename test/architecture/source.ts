import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseAst } from 'vite';

/** What a source file says about others, as the guards read it. */
export interface SourceFile {
  /** Relative to the repository: `src/model/build.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly { readonly line: number; readonly lines: number }[];
  /** Dotted names that are read or called, such as `process.exit` and `console.log`. */
  readonly members: readonly { readonly name: string; readonly line: number }[];
  /** What stands between quotes or backquotes, as it is written; no comment and no regular expression. */
  readonly texts: readonly { readonly text: string; readonly line: number }[];
}

export interface Import {
  /** A path below the repository for our own files, the package's name for any other. */
  readonly from: string;
  readonly typeOnly: boolean;
  /** Names taken from it; `*` is all of them. */
  readonly names: readonly string[];
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function readSources(root: string, folder = 'src'): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => posix.join(folder, name.replaceAll('\\', '/')))
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map(path => readSource(path, readFileSync(join(root, path), 'utf8')));
}

export function readSource(path: string, text: string): SourceFile {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(match => match.index + 1)];
  const lineAt = (offset: number) => starts.findLastIndex(start => start <= offset) + 1;
  const imports: Import[] = [];
  const functions: { line: number; lines: number }[] = [];
  const members: { name: string; line: number }[] = [];
  const texts: { text: string; line: number }[] = [];
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, node => {
    const line = lineAt(node.start);
    const found = importOf(node, path);
    if (found) imports.push({ ...found, line });
    if (FUNCTIONS.has(node.type))
      functions.push({ line, lines: lineAt(node.end) - line + 1 - linesOfText(node, lineAt) });
    const name = memberName(node);
    if (name !== undefined) members.push({ name, line });
    if (isText(node)) texts.push({ text: text.slice(node.start, node.end), line });
  });
  return { path, lines: text.replace(/\n$/, '').split('\n').length, imports, functions, members, texts };
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Lines that a template literal adds are text, such as a script that is written out, and no code. */
function linesOfText(node: Node, lineAt: (offset: number) => number): number {
  if (node.type === 'TemplateLiteral') return lineAt(node.end) - lineAt(node.start);
  return childrenOf(node).reduce((sum, child) => sum + linesOfText(child, lineAt), 0);
}

function importOf(node: Node, path: string): Omit<Import, 'line'> | undefined {
  const target = sourceOf(node);
  if (target === undefined) return undefined;
  const from = target.startsWith('.') ? posix.join(posix.dirname(path), target) : packageOf(target);
  const specifiers = (node['specifiers'] ?? []) as Node[];
  const kind = node['importKind'] ?? node['exportKind'];
  const eachIsType = specifiers.length > 0 && specifiers.every(each => isType(each));
  return { from, typeOnly: kind === 'type' || eachIsType, names: namesOf(node, specifiers) };
}

const isType = (specifier: Node) => specifier['importKind'] === 'type' || specifier['exportKind'] === 'type';

/** `import`, `export … from`, `import()` and `require()`. */
function sourceOf(node: Node): string | undefined {
  const called = node.type === 'CallExpression' && (node['callee'] as Node)['name'] === 'require';
  const source = called ? (node['arguments'] as Node[])[0] : node['source'];
  if (!source || !(called || /^(?:Import|Export)/.test(node.type))) return undefined;
  const { value } = source as { value?: unknown };
  return typeof value === 'string' ? value : undefined;
}

function namesOf(node: Node, specifiers: readonly Node[]): string[] {
  if (node.type !== 'ImportDeclaration' && node.type !== 'ExportNamedDeclaration') return ['*'];
  return specifiers
    .filter(each => !isType(each))
    .map(each => {
      const name = (each['imported'] ?? each['local']) as { name?: string } | undefined;
      const whole = each.type === 'ImportNamespaceSpecifier' || each.type === 'ImportDefaultSpecifier';
      return whole ? '*' : (name?.name ?? '*');
    });
}

const packageOf = (name: string) =>
  name.startsWith('node:')
    ? name.slice('node:'.length)
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : name.startsWith('fs/') ? 9 : 1)
        .join('/');

function memberName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const object = node['object'] as Node;
  const property = node['property'] as Node;
  const name = node['computed'] ? property['value'] : property['name'];
  const owner = object.type === 'MemberExpression' ? memberName(object) : object['name'];
  return typeof owner === 'string' && typeof name === 'string' ? `${owner}.${name}` : undefined;
}

const isText = (node: Node) =>
  node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node['value'] === 'string');

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const child of childrenOf(node)) visit(child, look);
}

const childrenOf = (node: Node): Node[] =>
  Object.values(node)
    .flat()
    .filter((child): child is Node => typeof (child as Node | null)?.type === 'string');
