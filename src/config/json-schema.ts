import * as z from 'zod';
import { HOVER } from './hover.ts';
import { config } from './schema/config.ts';
import { formatDuration, formatShare, formatSize, PATTERNS } from './schema/scalars.ts';

/** Draft 7 is what editors understand best. */
interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  pattern?: string;
  maximum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  $ref?: string;
  [key: string]: unknown;
}

/** The JSON Schema of aideploy.yaml, for completion and hover in editors. */
export function jsonSchema(): object {
  const { $schema, ...whole } = z.toJSONSchema(config, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    // Left to itself it tells no default of what is transformed, which most values here are.
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'default') jsonSchema.default = def.defaultValue as never;
    },
  }) as Schema;
  const schema = readable(whole, []);
  allowEmptySections(schema);
  const { environments } = schema.properties ?? {};
  if (environments) environments.additionalProperties = nullable(environmentOf(schema));
  return {
    $schema,
    $id: 'urn:aideploy:config:1',
    title: 'aideploy.yaml',
    description: 'One AI service: every deployment file is rendered from it.',
    ...schema,
  };
}

/** With what people read: descriptions, and defaults as one writes them. */
function readable(schema: Schema, path: readonly string[]): Schema {
  const { properties, items, anyOf, additionalProperties, ...own } = schema;
  const inside = (child: Schema, step: string) => readable(child, [...path, step]);
  const described: Schema = { ...own, ...hover(own, path), ...plainLine(own) };
  if (schema.default !== undefined) described.default = writtenDefault(schema);
  if (isEmpty(described.default)) delete described.default;
  if (described.maximum === Number.MAX_SAFE_INTEGER) delete described.maximum;
  if (properties) described.properties = mapValues(properties, inside);
  if (items) described.items = inside(items, '[]');
  if (anyOf) described.anyOf = anyOf.map(each => readable(each, path));
  if (schema.allOf) described.allOf = schema.allOf.map(each => ({ ...each, ...plainLine(each) }));
  if (typeof additionalProperties === 'object')
    described.additionalProperties = inside(additionalProperties, '*');
  else if (additionalProperties !== undefined) described.additionalProperties = additionalProperties;
  return described;
}

const hover = (schema: Schema, path: readonly string[]): Schema => {
  const description = schema.description ?? HOVER[path.join('.')];
  return description === undefined ? {} : { description };
};

/** Some editors compile patterns without the flag that `\p` needs, where it would mean the letter p. */
const plainLine = ({ pattern }: Schema): Schema =>
  pattern === PATTERNS.line.source ? { pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' } : {};

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** The program keeps milliseconds, bytes and fractions; the file says 90s, 1Mi and 70%. */
function writtenDefault({ default: value, pattern, anyOf }: Schema): unknown {
  if (typeof value !== 'number') return value;
  if (pattern === PATTERNS.duration.source) return formatDuration(value);
  if (pattern === PATTERNS.size.source) return formatSize(value);
  if (pattern === PATTERNS.share.source) return formatShare(value);
  return anyOf?.some(each => each.pattern === PATTERNS.millicores.source) ? value / 1_000 : value;
}

/** `docker:` with nothing behind it, and `production:` too. */
function allowEmptySections(schema: Schema): void {
  const { targets } = schema.properties ?? {};
  if (targets?.properties) targets.properties = mapValues(targets.properties, nullable);
}

/** What an environment may say: any part of the file, and null for what goes. */
function environmentOf(schema: Schema): Schema {
  const { environments, version, ...properties } = schema.properties ?? {};
  return {
    ...partial({ ...schema, properties }),
    description: 'What differs from the file; null removes a key.',
  };
}

function partial(schema: Schema): Schema {
  const { required, default: _, propertyNames, ...rest } = schema;
  const part: Schema = { ...rest, ...(propertyNames === undefined ? {} : { propertyNames }) };
  if (rest.properties) part.properties = mapValues(rest.properties, each => nullable(partial(each)));
  if (rest.anyOf) part.anyOf = rest.anyOf.map(partial);
  if (typeof rest.additionalProperties === 'object')
    part.additionalProperties = nullable(partial(rest.additionalProperties));
  return part;
}

function nullable(schema: Schema): Schema {
  if (Object.keys(schema).every(key => key === 'description')) return schema;
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  if (typeof schema.type === 'string' && !schema.enum && !schema.allOf && !('const' in schema))
    return { ...schema, type: [schema.type, 'null'] };
  return {
    ...(schema.description ? { description: schema.description } : {}),
    anyOf: [schema, { type: 'null' }],
  };
}

const mapValues = (all: Record<string, Schema>, change: (each: Schema, key: string) => Schema) =>
  Object.fromEntries(Object.entries(all).map(([key, each]) => [key, change(each, key)]));
