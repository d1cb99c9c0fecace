import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Binding, SourceFile } from '../program/facts.ts';
import { shapeOf } from './shape.ts';

/**
 * A variable described in a schema that the environment is read with:
 * zod's `PORT: z.coerce.number().default(3000)`, envalid's `PORT: port({ default: 3000 })`, Joi's and typebox's.
 */
export function schemaField(name: string, value: Node, file: SourceFile): Binding['known'] {
  if (
    !/^[A-Z][A-Z0-9_]+$/.test(name) ||
    value.type !== 'call_expression' ||
    !file.text.includes('process.env')
  )
    return undefined;
  if (!/^(z|zod|v|s|t|Type|Joi|joi|envalid|str|num|port|bool|url|host|email|json)\b/.test(value.text))
    return undefined;
  const text = defaultOf(value);
  const optional = /\.(optional|nullish|nullable)\(/.test(value.text);
  return { env: name, ...(text === undefined ? {} : { text }), required: text === undefined && !optional };
}

function defaultOf(value: Node): string | undefined {
  for (const call of [value, ...descendants(value, 'call_expression')]) {
    const callee = field(call, 'function');
    const [first] = children(field(call, 'arguments') ?? call);
    const method = callee && field(callee, 'property')?.text;
    if (first && (method === 'default' || method === 'catch')) return textOf(first);
  }
  const pair = descendants(value, 'pair').find(each => field(each, 'key')?.text === 'default');
  const given = pair && field(pair, 'value');
  return given && textOf(given);
}

function textOf(node: Node): string | undefined {
  const shape = shapeOf(node);
  return shape.kind === 'text' ? shape.text : undefined;
}
