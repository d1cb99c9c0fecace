import type { Text } from '../text.ts';
import { entriesOf, itemsOf, textWithin, type YamlNode, type YamlScalar } from '../yaml.ts';
import { type Expression, parseExpression } from './expression.ts';

/** An expression of a workflow, with where it stands. */
export interface Placed extends Expression {
  /** Keys to it: `jobs`, `build`, `steps`, `2`, `run`. */
  readonly path: readonly string[];
  readonly node: YamlScalar;
  /** The text that holds it; `start` and `end` are of what stands between its braces. */
  readonly text: Text;
  readonly start: number;
  readonly end: number;
  /** It stands between braces and is not, as in `if:`, the whole text. */
  readonly braced: boolean;
}

/** Every expression below a node; what stands behind `if` is one without braces, too. */
export function expressionsIn(root: YamlNode): readonly Placed[] {
  const found: Placed[] = [];
  walk(root, [], found);
  return found;
}

function walk(node: YamlNode, path: readonly string[], found: Placed[]): void {
  if (node.kind === 'map')
    for (const { key, value } of entriesOf(node)) walk(value, [...path, key.source], found);
  else if (node.kind === 'list')
    for (const [i, item] of itemsOf(node).entries()) walk(item, [...path, String(i)], found);
  else found.push(...inScalar(node, path));
}

function inScalar(node: YamlScalar, path: readonly string[]): Placed[] {
  const condition = isCondition(path);
  if (typeof node.value !== 'string' || (!condition && !node.source.includes('${{'))) return [];
  const text = textWithin(node);
  const { content } = text;
  const placed = (start: number, end: number, braced: boolean): Placed => ({
    ...parseExpression(content.slice(start, end)),
    ...{ path, node, text, start, end, braced },
  });
  if (condition && !content.includes('${{')) return content.trim() ? [placed(0, content.length, false)] : [];
  const found: Placed[] = [];
  for (let open = content.indexOf('${{'); open !== -1; ) {
    const end = closing(content, open + 3);
    if (end === -1) {
      const fault = { offset: 0, message: 'no }} ends it' };
      const nothing = { references: [], calls: [], fault };
      return [...found, { ...nothing, path, node, text, start: open, end: content.length, braced: true }];
    }
    found.push(placed(open + 3, end, true));
    open = content.indexOf('${{', end + 2);
  }
  return found;
}

/** `if` of a job or a step. */
export const isCondition = (path: readonly string[]): boolean =>
  path.at(-1) === 'if' && path[0] === 'jobs' && (path.length === 3 || path[2] === 'steps');

/** Braces inside of a text do not end an expression. */
function closing(content: string, from: number): number {
  let quoted = false;
  for (let i = from; i < content.length; i++) {
    if (content[i] === "'") quoted = !quoted;
    else if (!quoted && content[i] === '}' && content[i + 1] === '}') return i;
  }
  return -1;
}
