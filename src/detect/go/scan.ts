import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Binding, FunctionDef, SourceFile } from '../program/facts.ts';
import type { Scanners } from '../program/read.ts';
import { shapeOf, unquote } from './shape.ts';

/** Collect what a Go file says. */
export const goScanners: Scanners = {
  import_spec: addImport,
  function_declaration: addFunction,
  method_declaration: addFunction,
  func_literal: addFunction,
  call_expression: addCall,
  composite_literal: addComposite,
  const_spec: addSpec,
  var_spec: addSpec,
  short_var_declaration: addAssignment,
  assignment_statement: addAssignment,
  field_declaration: addTaggedField,
  interpreted_string_literal: addString,
  raw_string_literal: addString,
};

function addImport(node: Node, file: SourceFile): void {
  const module = unquote(field(node, 'path')?.text ?? '""');
  const parts = module.split('/').filter(part => !/^v\d+$/.test(part));
  const last = (parts.at(-1) ?? module).replace(/\.v\d+$/, '');
  const alias = field(node, 'name')?.text;
  file.imports.push({ local: alias === '.' ? '*' : (alias ?? last), module, node });
}

function addFunction(node: Node, file: SourceFile): void {
  const body = field(node, 'body');
  if (!body) return;
  const params = children(field(node, 'parameters') ?? node).flatMap(param => {
    const names = param.childrenForFieldName('name').filter(each => each !== null);
    const type = typeName(field(param, 'type'));
    return names.length > 0 ? names.map(name => ({ name: name.text, type })) : [{ name: '', type }];
  });
  const receiver = /^\(\s*(\w*)\s*\*?\s*(\w+)/.exec(field(node, 'receiver')?.text ?? '');
  const fn: FunctionDef = {
    name: field(node, 'name')?.text ?? '',
    params,
    node,
    body,
    returns: returnsOf(body),
    file,
    result: resultOf(field(node, 'result')),
  };
  if (receiver?.[2]) Object.assign(fn, { owner: receiver[2], self: receiver[1] });
  file.functions.push(fn);
}

/** `*chat.Chat` → `chat.Chat` */
function typeName(node: Node | undefined): string | undefined {
  return node && /^[*&]*((?:\w+\.)?\w+)/.exec(node.text)?.[1];
}

function resultOf(node: Node | undefined): string | undefined {
  if (node?.type !== 'parameter_list') return typeName(node);
  const first = children(node)[0];
  return first && typeName(field(first, 'type') ?? first);
}

function returnsOf(body: Node): Node[] {
  return descendants(body, 'return_statement').flatMap(statement => {
    const first = children(statement)[0];
    const value = first?.type === 'expression_list' ? children(first)[0] : first;
    return value ? [value] : [];
  });
}

function addCall(node: Node, file: SourceFile): void {
  const callee = field(node, 'function');
  if (!callee) return;
  const args = children(field(node, 'arguments') ?? node);
  const isSelector = callee.type === 'selector_expression';
  const name = isSelector ? (field(callee, 'field')?.text ?? '') : callee.text.slice(0, 80);
  const receiver = isSelector ? field(callee, 'operand') : undefined;
  const dotted = receiver && receiver.endIndex - receiver.startIndex < 80 ? `${receiver.text}.${name}` : name;
  file.calls.push({ node, dotted, name, receiver, args, keywords: new Map(), file });
  const shape = /VarP?$/.test(name) ? shapeOf(node) : undefined;
  const target = args[0]?.type === 'unary_expression' ? field(args[0], 'operand') : undefined;
  if (shape?.kind === 'flag' && target) bind(target, node, node, file);
}

function addComposite(node: Node, file: SourceFile): void {
  const dotted = field(node, 'type')?.text ?? '';
  const keywords = new Map<string, Node>();
  const args: Node[] = [];
  for (const element of children(field(node, 'body') ?? node)) {
    const [key, value] = children(element);
    if (element.type !== 'keyed_element') args.push(element);
    else if (key && value) {
      keywords.set(key.text, value);
      if (/^\w+$/.test(key.text))
        file.bindings.push({
          name: key.text,
          value,
          kind: 'field',
          owner: dotted.split('.').pop(),
          node: element,
          file,
        });
    }
  }
  file.calls.push({ node, dotted, name: dotted.split('.').pop() ?? dotted, args, keywords, file });
}

function addSpec(node: Node, file: SourceFile): void {
  const names = node
    .childrenForFieldName('name')
    .filter(each => each !== null && each.type === 'identifier') as Node[];
  const value = field(node, 'value');
  const values = value ? children(value) : [];
  names.forEach((name, at) => {
    bind(name, values[at] ?? (at === 0 ? values[0] : undefined), node, file, typeName(field(node, 'type')));
  });
}

function addAssignment(node: Node, file: SourceFile): void {
  const left = children(field(node, 'left') ?? node);
  const right = children(field(node, 'right') ?? node);
  left.forEach((target, at) => {
    bind(target, right[at] ?? (at === 0 ? right[0] : undefined), node, file);
  });
}

function bind(target: Node, value: Node | undefined, node: Node, file: SourceFile, type?: string): void {
  if (target.type === 'identifier' && target.text !== '_') {
    file.bindings.push({ name: target.text, value, kind: 'variable', type, node, file });
  } else if (target.type === 'selector_expression') {
    file.bindings.push({ name: field(target, 'field')?.text ?? '', value, kind: 'field', node, file });
  }
}

function structOf(node: Node): string | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.type === 'type_spec') return field(at, 'name')?.text;
  return undefined;
}

/** `Port int `env:"PORT" envDefault:"8080"`` and its like: caarlos0/env, envconfig, cleanenv, go-envconfig, kong. */
function addTaggedField(node: Node, file: SourceFile): void {
  const tag = field(node, 'tag')?.text.slice(1, -1);
  const name = field(node, 'name')?.text;
  const type = typeName(field(node, 'type'));
  const owner = structOf(node);
  if (name && type) file.bindings.push({ name, kind: 'field', owner, type, node, file });
  if (!tag || !name) return;
  const tags = new Map(
    [...tag.matchAll(/([\w-]+):"((?:\\.|[^"\\])*)"/g)].map(match => [match[1] ?? '', match[2] ?? '']),
  );
  const [env, ...options] = (tags.get('env') ?? tags.get('envconfig') ?? '')
    .split(',')
    .map(part => part.trim());
  if (!env || !/^[A-Z][A-Z0-9_]*$/.test(env)) return;
  const inline = options.find(option => option.startsWith('default='))?.slice('default='.length);
  const text = tags.get('envDefault') ?? tags.get('env-default') ?? tags.get('default') ?? inline;
  const required =
    options.some(option => option === 'required' || option === 'notEmpty') ||
    tags.get('required') === 'true' ||
    tags.get('env-required') === 'true';
  const known: NonNullable<Binding['known']> = { env, ...(text === undefined ? {} : { text }), required };
  file.bindings.push({ name, known, kind: 'field', owner, node, file });
}

function addString(node: Node, file: SourceFile): void {
  const parent = node.parent?.type;
  if (parent === 'import_spec' || parent === 'field_declaration') return;
  file.strings.push({
    text: node.type === 'raw_string_literal' ? node.text.slice(1, -1) : unquote(node.text),
    node,
  });
}
