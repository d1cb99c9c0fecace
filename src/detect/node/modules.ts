import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { SourceFile } from '../program/facts.ts';
import { shapeOf, unquote } from './shape.ts';

export function addImport(node: Node, file: SourceFile): void {
  const source = field(node, 'source');
  if (!source) return;
  const module = unquote(source);
  const clause = children(node).find(child => child.type === 'import_clause');
  if (!clause) file.imports.push({ local: '', module, node });
  for (const part of clause ? children(clause) : []) {
    if (part.type === 'identifier') file.imports.push({ local: part.text, module, member: 'default', node });
    if (part.type === 'namespace_import')
      file.imports.push({ local: children(part)[0]?.text ?? '', module, node });
    if (part.type !== 'named_imports') continue;
    for (const each of children(part)) {
      const name = field(each, 'name')?.text ?? '';
      file.imports.push({ local: field(each, 'alias')?.text ?? name, module, member: name, node });
    }
  }
}

/** `export default router`, `export { a as b } from './x'`, `export * from './x'`. */
export function addExport(node: Node, file: SourceFile): void {
  const source = field(node, 'source');
  const value = field(node, 'value');
  const declaration = field(node, 'declaration');
  if (value) file.bindings.push({ name: 'default', value, kind: 'variable', node, file });
  else if (declaration && node.text.startsWith('export default'))
    file.bindings.push({ name: 'default', value: declaration, kind: 'variable', node, file });
  if (source && children(node).every(child => child.type !== 'export_clause'))
    file.imports.push({ local: '*', module: unquote(source), node });
  for (const each of descendants(node, 'export_specifier')) {
    const name = field(each, 'name')?.text ?? '';
    const alias = field(each, 'alias')?.text ?? name;
    if (source) file.imports.push({ local: alias, module: unquote(source), member: name, node });
    else if (alias !== name)
      file.bindings.push({ name: alias, value: field(each, 'name'), kind: 'variable', node: each, file });
  }
}

/** `const x = require('./x')`, `const { a } = require('./x')`, `const { a } = await import('./x')` */
export function addRequire(name: Node, value: Node, file: SourceFile): boolean {
  const shape = shapeOf(value);
  const inner = shape.kind === 'wrap' ? shapeOf(shape.node) : shape;
  if (inner.kind !== 'module') return false;
  const { module } = inner;
  if (name.type === 'identifier')
    file.imports.push({ local: name.text, module, member: 'default', node: value });
  for (const each of name.type === 'object_pattern' ? children(name) : []) {
    const key = field(each, 'key')?.text ?? each.text;
    file.imports.push({ local: field(each, 'value')?.text ?? key, module, member: key, node: value });
  }
  return true;
}
