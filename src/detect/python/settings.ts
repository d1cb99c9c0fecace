import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Binding, SourceFile } from '../program/facts.ts';
import { shapeOf, textsIn } from './shape.ts';

/** The fields of a pydantic settings class, each read from the variable of its name. */
export function settingsFields(node: Node, file: SourceFile): Binding[] {
  if (!/\bBaseSettings\b|\bSettings\b/.test(field(node, 'superclasses')?.text ?? '')) return [];
  const body = field(node, 'body');
  if (!body) return [];
  const prefix = prefixOf(body);
  return children(body).flatMap(statement => {
    const assignment = statement.type === 'expression_statement' ? children(statement)[0] : statement;
    const name = assignment?.type === 'assignment' ? field(assignment, 'left')?.text : undefined;
    if (!assignment || !name || name === 'model_config' || !field(assignment, 'type')) return [];
    const value = field(assignment, 'right');
    const named = value && aliasOf(value);
    const text = value && defaultOf(value);
    const known = {
      env: named ?? `${prefix}${name}`.toUpperCase(),
      ...(text === undefined ? {} : { text }),
      required: value === undefined || (text === undefined && isDemanded(value)),
    };
    return [
      {
        name,
        known,
        kind: 'field',
        owner: field(node, 'name')?.text,
        node: assignment,
        file,
      } satisfies Binding,
    ];
  });
}

function prefixOf(body: Node): string {
  for (const keyword of descendants(body, ['keyword_argument', 'assignment'])) {
    const name = (field(keyword, 'name') ?? field(keyword, 'left'))?.text;
    const value = field(keyword, 'value') ?? field(keyword, 'right');
    if (name === 'env_prefix' && value) return textsIn(value)[0] ?? '';
  }
  return '';
}

/** `Field(8001, validation_alias="PORT")` */
function aliasOf(value: Node): string | undefined {
  for (const keyword of descendants(value, 'keyword_argument')) {
    const given = field(keyword, 'value');
    if (/^(alias|validation_alias|env)$/.test(field(keyword, 'name')?.text ?? '') && given)
      return textsIn(given)[0];
  }
  return undefined;
}

function defaultOf(value: Node): string | undefined {
  const shape = shapeOf(value);
  if (shape.kind === 'text') return shape.text;
  if (shape.kind === 'wrap') return defaultOf(shape.node);
  return undefined;
}

/** `...`, or a `Field()` that gives no default. */
function isDemanded(value: Node): boolean {
  if (value.type === 'ellipsis') return true;
  if (value.type !== 'call' || !/(^|\.)Field$/.test(field(value, 'function')?.text ?? '')) return false;
  const [first] = children(field(value, 'arguments') ?? value);
  const hasDefault = descendants(value, 'keyword_argument').some(each =>
    /^default/.test(field(each, 'name')?.text ?? ''),
  );
  return !hasDefault && (!first || first.type === 'ellipsis' || first.type === 'keyword_argument');
}
