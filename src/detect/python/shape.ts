import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Shape } from '../program/facts.ts';
import { arithmetic } from '../program/scan.ts';

/** Calls that give back their first argument in another form. */
const passing =
  /^(int|str|float|bool|Path|pathlib\.Path|math\.ceil|math\.floor|round|parse_duration|SecretStr|timedelta)$/;
const envCall =
  /(^|\.)(environ\.get|getenv|environ\.setdefault|env\.(str|int|bool|list|float|url|db|get_value)|env|decouple\.config)$/;

export function shapeOf(node: Node): Shape {
  switch (node.type) {
    case 'string':
      return string(node);
    case 'concatenated_string':
      return { kind: 'concat', parts: children(node) };
    case 'integer':
    case 'float':
      return { kind: 'text', text: String(arithmetic(node.text) ?? node.text) };
    case 'true':
    case 'false':
      return { kind: 'text', text: node.type };
    case 'identifier':
      return { kind: 'name', name: node.text };
    case 'attribute': {
      const object = field(node, 'object');
      return object
        ? { kind: 'member', object, name: field(node, 'attribute')?.text ?? '' }
        : { kind: 'other' };
    }
    case 'parenthesized_expression':
    case 'await':
    case 'expression_statement':
    case 'type': {
      const inner = children(node)[0];
      return inner ? { kind: 'wrap', node: inner } : { kind: 'other' };
    }
    case 'named_expression':
    case 'keyword_argument': {
      const value = field(node, 'value');
      return value ? { kind: 'wrap', node: value } : { kind: 'other' };
    }
    case 'binary_operator':
      return binary(node);
    case 'boolean_operator':
      return field(node, 'operator')?.text === 'or'
        ? { kind: 'either', nodes: children(node) }
        : { kind: 'other' };
    case 'conditional_expression': {
      const [yes, , no] = children(node);
      return yes && no ? { kind: 'either', nodes: [yes, no] } : { kind: 'other' };
    }
    case 'subscript':
      return subscript(node);
    case 'call':
      return call(node);
    case 'lambda':
    case 'function_definition':
      return { kind: 'function' };
    case 'decorated_definition': {
      const definition = field(node, 'definition');
      return definition ? { kind: 'wrap', node: definition } : { kind: 'other' };
    }
    default:
      return { kind: 'other' };
  }
}

function string(node: Node): Shape {
  const parts: (Node | string)[] = [];
  for (const child of children(node)) {
    if (child.type === 'string_content') parts.push(child.text);
    if (child.type === 'interpolation') parts.push(...children(child).slice(0, 1));
  }
  if (parts.every(part => typeof part === 'string')) return { kind: 'text', text: parts.join('') };
  return { kind: 'concat', parts: typeof parts.at(-1) === 'string' ? parts : [...parts, ''] };
}

function binary(node: Node): Shape {
  const [left, right] = [field(node, 'left'), field(node, 'right')];
  const number = arithmetic(node.text);
  if (number !== undefined) return { kind: 'text', text: String(number) };
  const operator = field(node, 'operator')?.text;
  // `timeout + 2`: what is configured is the first; text and names are joined.
  if (operator === '+' && left && right)
    return right.type === 'integer' ? { kind: 'wrap', node: left } : { kind: 'concat', parts: [left, right] };
  return { kind: 'other' };
}

function subscript(node: Node): Shape {
  const key = field(node, 'subscript');
  const isEnviron = /(^|\.)environ$/.test(field(node, 'value')?.text ?? '');
  return isEnviron && key ? { kind: 'env', name: key, required: true } : { kind: 'other' };
}

function call(node: Node): Shape {
  const callee = field(node, 'function');
  const args = children(field(node, 'arguments') ?? node);
  const positional = args.filter(arg => arg.type !== 'keyword_argument');
  const keyword = (name: string) => {
    const found = args.find(arg => arg.type === 'keyword_argument' && field(arg, 'name')?.text === name);
    return found && field(found, 'value');
  };
  const [first, second] = positional;
  const dotted = callee && callee.endIndex - callee.startIndex < 80 ? callee.text : '';
  if (first && (envCall.test(dotted) || (dotted === 'config' && isVariable(first)))) {
    if (dotted === 'env' && !isVariable(first)) return { kind: 'call' };
    return { kind: 'env', name: first, fallback: second ?? keyword('default') };
  }
  if (first && passing.test(dotted)) return { kind: 'wrap', node: first };
  // `"x".strip()` and its like keep the text for our purpose.
  const method = callee?.type === 'attribute' ? field(callee, 'attribute')?.text : undefined;
  const object = callee?.type === 'attribute' ? field(callee, 'object') : undefined;
  if (object && method && /^(strip|rstrip|lstrip|lower|upper|split|get_secret_value)$/.test(method))
    return { kind: 'wrap', node: object };
  if (/(^|\.)(Field|field|Option|Argument)$/.test(dotted)) return fieldDefault(first, keyword);
  return { kind: 'call' };
}

/** pydantic's `Field(8001)`, a dataclass's `field(default_factory=lambda: …)`, typer's `Option(8001, envvar="PORT")`. */
function fieldDefault(first: Node | undefined, keyword: (name: string) => Node | undefined): Shape {
  const fallback =
    keyword('default') ??
    lambdaBody(keyword('default_factory')) ??
    (first?.type === 'ellipsis' ? undefined : first);
  const variable = keyword('envvar') ?? keyword('env');
  if (variable) return { kind: 'env', name: variable, fallback };
  return fallback ? { kind: 'wrap', node: fallback } : { kind: 'other' };
}

function lambdaBody(node: Node | undefined): Node | undefined {
  return node?.type === 'lambda' ? field(node, 'body') : undefined;
}

function isVariable(node: Node): boolean {
  return /^["'][A-Z][A-Z0-9_]*["']$/.test(node.text);
}

/** The texts within a node. */
export function textsIn(node: Node): string[] {
  return descendants(node, 'string').flatMap(each => {
    const shape = shapeOf(each);
    return shape.kind === 'text' ? [shape.text] : [];
  });
}
