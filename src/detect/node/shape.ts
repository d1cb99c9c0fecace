import { children, field, type Node } from '../../syntax/tree.ts';
import type { Shape } from '../program/facts.ts';
import { arithmetic } from '../program/scan.ts';

const passing =
  /^(Number|String|parseInt|parseFloat|Number\.parseInt|Number\.parseFloat|Boolean|BigInt|ms|required|path\.resolve)$/;
const transparent = new Set([
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'await_expression',
  'type_assertion',
  'spread_element',
  'expression_statement',
]);

export function shapeOf(node: Node): Shape {
  switch (node.type) {
    case 'string':
      return { kind: 'text', text: unquote(node) };
    case 'template_string':
      return template(node);
    case 'number':
      return { kind: 'text', text: String(arithmetic(node.text) ?? node.text) };
    case 'true':
    case 'false':
      return { kind: 'text', text: node.type };
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'this':
      return { kind: 'name', name: node.text };
    case 'member_expression':
      return member(node);
    case 'subscript_expression': {
      const index = field(node, 'index');
      return index && isEnvironment(field(node, 'object')) ? { kind: 'env', name: index } : { kind: 'other' };
    }
    case 'binary_expression':
      return binary(node);
    case 'ternary_expression': {
      const [yes, no] = [field(node, 'consequence'), field(node, 'alternative')];
      return yes && no ? { kind: 'either', nodes: [yes, no] } : { kind: 'other' };
    }
    case 'unary_expression': {
      const argument = field(node, 'argument');
      return argument && field(node, 'operator')?.text === '+'
        ? { kind: 'wrap', node: argument }
        : { kind: 'other' };
    }
    case 'call_expression':
    case 'new_expression':
      return call(node);
    case 'arrow_function':
    case 'function_expression':
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'method_definition':
      return { kind: 'function' };
    default: {
      const inner = transparent.has(node.type) ? children(node)[0] : undefined;
      return inner ? { kind: 'wrap', node: inner } : { kind: 'other' };
    }
  }
}

export function unquote(node: Node): string {
  return node.text
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t' })[character] ?? character);
}

function template(node: Node): Shape {
  const parts: (Node | string)[] = [];
  for (const child of children(node)) {
    if (child.type === 'string_fragment' || child.type === 'escape_sequence') parts.push(child.text);
    if (child.type === 'template_substitution') parts.push(...children(child).slice(0, 1));
  }
  if (parts.every(part => typeof part === 'string')) return { kind: 'text', text: parts.join('') };
  return { kind: 'concat', parts: typeof parts.at(-1) === 'string' ? parts : [...parts, ''] };
}

/** `process.env`, `Bun.env`, `import.meta.env` */
export function isEnvironment(node: Node | undefined): boolean {
  return (
    node !== undefined &&
    node.endIndex - node.startIndex < 20 &&
    /^(process|Bun|globalThis\.process)\.env$/.test(node.text)
  );
}

function member(node: Node): Shape {
  const object = field(node, 'object');
  const name = field(node, 'property')?.text ?? '';
  if (isEnvironment(object)) return { kind: 'env', name };
  if (isEnvironment(node)) return { kind: 'other' };
  return object ? { kind: 'member', object, name } : { kind: 'other' };
}

function binary(node: Node): Shape {
  const [left, right] = [field(node, 'left'), field(node, 'right')];
  const operator = field(node, 'operator')?.text;
  if (!left || !right) return { kind: 'other' };
  const number = arithmetic(node.text);
  if (number !== undefined) return { kind: 'text', text: String(number) };
  if (operator === '||' || operator === '??') return { kind: 'either', nodes: [left, right] };
  // `timeout + 2000`: what is configured is the first.
  if (operator === '+')
    return right.type === 'number' ? { kind: 'wrap', node: left } : { kind: 'concat', parts: [left, right] };
  return { kind: 'other' };
}

function call(node: Node): Shape {
  const callee = field(node, 'function') ?? field(node, 'constructor');
  const args = children(field(node, 'arguments') ?? node);
  const [first, second] = args;
  if (!callee || callee.endIndex - callee.startIndex > 120) return { kind: 'call' };
  const dotted = callee.text;
  if ((dotted === 'require' || dotted === 'import') && first?.type === 'string')
    return { kind: 'module', module: unquote(first) };
  if (first && passing.test(dotted)) return { kind: 'wrap', node: first };
  if (
    first &&
    /config\w*\.(get|getOrThrow)$/i.test(dotted) &&
    /^['"`][A-Z][A-Z0-9_]*['"`]$/.test(first.text)
  ) {
    return { kind: 'env', name: first, fallback: second, required: dotted.endsWith('OrThrow') };
  }
  const method = callee.type === 'member_expression' ? field(callee, 'property')?.text : undefined;
  const object = callee.type === 'member_expression' ? field(callee, 'object') : undefined;
  if (object && method && /^(toString|trim|toLowerCase|toUpperCase|split|replace)$/.test(method))
    return { kind: 'wrap', node: object };
  return { kind: 'call' };
}
