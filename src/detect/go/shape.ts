import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Shape } from '../program/facts.ts';
import { arithmetic } from '../program/scan.ts';

const units: Record<string, string> = {
  Nanosecond: 'ns',
  Microsecond: 'us',
  Millisecond: 'ms',
  Second: 's',
  Minute: 'm',
  Hour: 'h',
};

/** Calls that give back their argument in another form. */
const passing =
  /^(strconv\.(Itoa|Atoi|ParseInt|ParseUint|ParseBool|FormatInt|Quote)|strings\.(TrimSpace|TrimSuffix|TrimPrefix|TrimRight|TrimLeft|ToLower|Split)|time\.(ParseDuration|Duration)|u?int(8|16|32|64)?|string|float64|bool)$/;
const flagCall = /^(String|Int|Int64|Uint|Uint16|Duration|Bool|Float64|StringSlice)(Var)?(P)?$/;
const viperGet = /^Get(String|Int|Int64|Uint|Duration|Bool|Float64)$/;

export function shapeOf(node: Node): Shape {
  switch (node.type) {
    case 'interpreted_string_literal':
      return { kind: 'text', text: unquote(node.text) };
    case 'raw_string_literal':
      return { kind: 'text', text: node.text.slice(1, -1) };
    case 'int_literal':
    case 'float_literal':
      return { kind: 'text', text: String(arithmetic(node.text) ?? node.text) };
    case 'true':
    case 'false':
      return { kind: 'text', text: node.type };
    case 'identifier':
      return { kind: 'name', name: node.text };
    case 'parenthesized_expression':
    case 'literal_element':
    case 'unary_expression':
    case 'type_conversion_expression':
    case 'expression_list': {
      const inner =
        field(node, 'operand') ?? children(node).at(node.type === 'type_conversion_expression' ? -1 : 0);
      return inner ? { kind: 'wrap', node: inner } : { kind: 'other' };
    }
    case 'selector_expression':
      return member(node);
    case 'binary_expression':
      return binary(node);
    case 'call_expression':
      return call(node);
    case 'composite_literal':
      return { kind: 'call' };
    case 'func_literal':
      return { kind: 'function' };
    default:
      return { kind: 'other' };
  }
}

export function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function member(node: Node): Shape {
  const object = field(node, 'operand');
  const name = field(node, 'field')?.text ?? '';
  if (object?.text === 'time' && units[name]) return { kind: 'text', text: `1${units[name]}` };
  return object ? { kind: 'member', object, name } : { kind: 'other' };
}

function binary(node: Node): Shape {
  const left = field(node, 'left');
  const right = field(node, 'right');
  const operator = field(node, 'operator')?.text;
  if (!left || !right) return { kind: 'other' };
  if (operator === '*') {
    for (const [unit, other] of [
      [right, left],
      [left, right],
    ] as const) {
      const name = /^time\.(\w+)$/.exec(unit.text)?.[1];
      if (name && units[name]) return { kind: 'concat', parts: [other, units[name]] };
    }
  }
  const number = arithmetic(node.text);
  if (number !== undefined) return { kind: 'text', text: String(number) };
  return operator === '+' ? { kind: 'concat', parts: [left, right] } : { kind: 'other' };
}

function call(node: Node): Shape {
  const callee = field(node, 'function');
  const args = children(field(node, 'arguments') ?? node);
  const [first, second] = args;
  if (!callee || !first) return { kind: 'call' };
  const dotted = callee.text;
  if (dotted === 'os.Getenv' || dotted === 'os.LookupEnv' || dotted === 'syscall.Getenv')
    return { kind: 'env', name: first };
  if (passing.test(dotted)) return { kind: 'wrap', node: first };
  if (dotted === 'fmt.Sprintf') return sprintf(first, args.slice(1));
  if (dotted === 'net.JoinHostPort' && second) return { kind: 'concat', parts: [first, ':', second] };
  if (dotted === 'cmp.Or') return { kind: 'either', nodes: args };
  const name = field(callee, 'field')?.text ?? '';
  if (flagCall.test(name)) return flag(name, args);
  if (viperGet.test(name) && args.length === 1) return viper(node, first);
  return { kind: 'call' };
}

/** `Sprintf(":%d", port)` is text and values in turn. */
function sprintf(format: Node, values: Node[]): Shape {
  const shape = shapeOf(format);
  if (shape.kind !== 'text') return { kind: 'other' };
  const texts = shape.text.split(/%[-+#0-9.]*[a-zA-Z]/);
  return {
    kind: 'concat',
    parts: texts.flatMap((text, at) => (at === 0 ? [text] : [...values.slice(at - 1, at), text])),
  };
}

function flag(name: string, args: Node[]): Shape {
  const [, , isVar, isShort] = flagCall.exec(name) ?? [];
  const at = isVar ? 1 : 0;
  const flagName = args[at];
  if (!flagName || args.length < at + 3 || !/string_literal|identifier/.test(flagName.type))
    return { kind: 'call' };
  return { kind: 'flag', name: flagName, fallback: args[at + (isShort ? 2 : 1)] };
}

/** `viper.GetInt("server.port")`, with a default set and a variable bound in the same file. */
function viper(node: Node, key: Node): Shape {
  const name = shapeOf(key);
  const root = node.tree.rootNode;
  if (name.kind !== 'text' || !root.text.includes('spf13/viper')) return { kind: 'call' };
  let fallback: Node | undefined;
  let env = /AutomaticEnv/.test(root.text) ? name.text.toUpperCase().replace(/[.-]/g, '_') : undefined;
  for (const other of descendants(root, 'call_expression')) {
    const method = field(field(other, 'function') ?? other, 'field')?.text;
    const [first, second] = children(field(other, 'arguments') ?? other);
    if (!first || first.text !== key.text || !second) continue;
    if (method === 'SetDefault') fallback = second;
    if (method === 'BindEnv') env = unquote(second.text);
  }
  const prefix = /SetEnvPrefix\("(\w+)"\)/.exec(root.text)?.[1];
  if (env) return { kind: 'env', name: prefix ? `${prefix.toUpperCase()}_${env}` : env, fallback };
  return fallback ? { kind: 'wrap', node: fallback } : { kind: 'other' };
}
