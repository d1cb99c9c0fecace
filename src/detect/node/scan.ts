import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { FunctionDef, SourceFile } from '../program/facts.ts';
import type { Scanners } from '../program/read.ts';
import { addExport, addImport, addRequire } from './modules.ts';
import { schemaField } from './schemas.ts';
import { isEnvironment, shapeOf } from './shape.ts';

/** Collect what a JavaScript or TypeScript file says. */
export const nodeScanners: Scanners = {
  import_statement: addImport,
  export_statement: addExport,
  function_declaration: addFunction,
  generator_function_declaration: addFunction,
  function_expression: addFunction,
  arrow_function: addFunction,
  method_definition: addFunction,
  call_expression: addCall,
  new_expression: addCall,
  variable_declarator: addVariable,
  assignment_expression: addAssignment,
  pair: addPair,
  shorthand_property_identifier: addShorthand,
  public_field_definition: addClassField,
  member_expression: addEnvironment,
  subscript_expression: addEnvironment,
  string: addString,
  template_string: addString,
};

function addFunction(node: Node, file: SourceFile): void {
  const body = field(node, 'body');
  if (!body) return;
  const single = field(node, 'parameter');
  const params = (
    single ? [single] : children(field(node, 'parameters') ?? body).filter(() => field(node, 'parameters'))
  ).map(param => {
    const pattern = field(param, 'pattern') ?? param;
    const fallback = field(param, 'value');
    const type = /(\w+)$/.exec(field(param, 'type')?.text ?? '')?.[1];
    return {
      name: pattern.type === 'identifier' ? pattern.text : '',
      ...(fallback ? { fallback } : {}),
      type,
    };
  });
  const isExpression = node.type === 'arrow_function' && body.type !== 'statement_block';
  const owner = node.type === 'method_definition' ? classOf(node) : undefined;
  const fn: FunctionDef = {
    name: field(node, 'name')?.text ?? nameFromContext(node),
    params,
    node,
    body,
    returns: isExpression
      ? [body]
      : descendants(body, 'return_statement').flatMap(each => children(each).slice(0, 1)),
    file,
  };
  if (owner) Object.assign(fn, { owner, self: 'this' });
  file.functions.push(fn);
}

/** `const handler = () => …`, `{ handler: () => … }`, `module.exports = () => …` */
function nameFromContext(node: Node): string {
  const parent = node.parent;
  if (parent?.type === 'variable_declarator') return field(parent, 'name')?.text ?? '';
  if (parent?.type === 'pair') return field(parent, 'key')?.text ?? '';
  return '';
}

function classOf(node: Node): string | undefined {
  for (let at = node.parent; at; at = at.parent)
    if (/^(abstract_)?class(_declaration)?$/.test(at.type)) return field(at, 'name')?.text;
  return undefined;
}

function addCall(node: Node, file: SourceFile): void {
  const callee = field(node, 'function') ?? field(node, 'constructor');
  if (!callee) return;
  const isMember = callee.type === 'member_expression';
  const isRequire = callee.type === 'call_expression' && shapeOf(callee).kind === 'module';
  const name = isMember
    ? (field(callee, 'property')?.text ?? '')
    : isRequire
      ? 'default'
      : callee.text.slice(0, 80);
  const receiver = isMember ? field(callee, 'object') : undefined;
  const dotted = receiver && receiver.endIndex - receiver.startIndex < 80 ? `${receiver.text}.${name}` : name;
  const args = children(field(node, 'arguments') ?? node).filter(
    arg => field(node, 'arguments') && arg !== callee,
  );
  const keywords = new Map<string, Node>();
  for (const arg of args) {
    if (arg.type !== 'object') continue;
    for (const pair of children(arg)) {
      const value =
        pair.type === 'pair'
          ? field(pair, 'value')
          : pair.type === 'shorthand_property_identifier' || pair.type === 'method_definition'
            ? pair
            : undefined;
      const key =
        pair.type === 'pair'
          ? field(pair, 'key')?.text
          : pair.type === 'method_definition'
            ? field(pair, 'name')?.text
            : pair.text;
      if (key && value) keywords.set(key.replace(/^['"]|['"]$/g, ''), value);
    }
  }
  file.calls.push({ node, dotted, name, receiver, args, keywords, file });
}

function addVariable(node: Node, file: SourceFile): void {
  const name = field(node, 'name');
  const value = field(node, 'value');
  if (!name) return;
  if (value && addRequire(name, value, file)) return;
  if (name.type === 'identifier') {
    const type = /(\w+)$/.exec(field(node, 'type')?.text ?? '')?.[1];
    file.bindings.push({ name: name.text, value, kind: 'variable', type, node, file });
  } else if (name.type === 'object_pattern' && value) {
    for (const entry of children(name)) addDestructured(entry, value, node, file);
  }
}

/** `const { PORT = 3000, HOST: host } = process.env` */
function addDestructured(entry: Node, value: Node, node: Node, file: SourceFile): void {
  const isDefault = entry.type === 'object_assignment_pattern';
  const key =
    (isDefault ? field(entry, 'left') : entry.type === 'pair_pattern' ? field(entry, 'key') : entry)?.text ??
    '';
  const name = entry.type === 'pair_pattern' ? (field(entry, 'value')?.text ?? key) : key;
  if (isEnvironment(value)) {
    const shape = isDefault ? shapeOf(field(entry, 'right') ?? entry) : undefined;
    const known = { env: key, ...(shape?.kind === 'text' ? { text: shape.text } : {}) };
    file.bindings.push({ name, known, kind: 'variable', node: entry, file });
  } else {
    const right = field(entry, 'right');
    file.bindings.push({ name, ...(right ? { value: right } : {}), kind: 'variable', node, file });
  }
}

function addAssignment(node: Node, file: SourceFile): void {
  const [left, right] = [field(node, 'left'), field(node, 'right')];
  if (!left || !right) return;
  if (left.type === 'identifier')
    file.bindings.push({ name: left.text, value: right, kind: 'variable', node, file });
  if (left.type !== 'member_expression') return;
  const name = field(left, 'property')?.text ?? '';
  const object = field(left, 'object')?.text;
  if (left.text === 'module.exports')
    file.bindings.push({ name: 'default', value: right, kind: 'variable', node, file });
  else if (object === 'exports' || object === 'module.exports')
    file.bindings.push({ name, value: right, kind: 'variable', node, file });
  else file.bindings.push({ name, value: right, kind: 'field', node, file });
}

function addPair(node: Node, file: SourceFile): void {
  const [key, value] = [field(node, 'key'), field(node, 'value')];
  if (!key || !value) return;
  const name = key.text.replace(/^['"]|['"]$/g, '');
  const known = schemaField(name, value, file);
  file.bindings.push(
    known ? { name, known, kind: 'field', node, file } : { name, value, kind: 'field', node, file },
  );
}

/** `{ port }`: a field of the name's own value. */
function addShorthand(node: Node, file: SourceFile): void {
  file.bindings.push({ name: node.text, value: node, kind: 'field', node, file });
}

function addClassField(node: Node, file: SourceFile): void {
  const name = field(node, 'name')?.text ?? '';
  const value = field(node, 'value');
  const type = /(\w+)$/.exec(field(node, 'type')?.text ?? '')?.[1];
  const owner = classOf(node);
  if (value) file.bindings.push({ name, value, kind: 'field', owner, node, file });
  if (type) file.bindings.push({ name, kind: 'field', owner, type, node, file });
}

function addEnvironment(node: Node, file: SourceFile): void {
  // `process.env.X = …` sets it.
  const isTarget =
    node.parent?.type === 'assignment_expression' && field(node.parent, 'left')?.id === node.id;
  if (isEnvironment(field(node, 'object')) && !isTarget) file.envNodes.push({ node });
}

function addString(node: Node, file: SourceFile): void {
  const parent = node.parent?.type;
  if (parent === 'import_statement' || parent === 'export_statement') return;
  const shape = shapeOf(node);
  if (shape.kind === 'text') file.strings.push({ text: shape.text, node });
}
