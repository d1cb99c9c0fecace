import { children, descendants, field, type Node } from '../../syntax/tree.ts';
import type { Binding, FunctionDef, SourceFile } from '../program/facts.ts';
import type { Scanners } from '../program/read.ts';
import { folderOf } from '../walk.ts';
import { settingsFields } from './settings.ts';
import { shapeOf } from './shape.ts';

/** Collect what a Python file says. */
export const pythonScanners: Scanners = {
  import_statement: addImport,
  import_from_statement: addFromImport,
  function_definition: addFunction,
  lambda: addFunction,
  class_definition: addClass,
  call: addCall,
  assignment: addAssignment,
  string: addString,
  subscript: addSubscript,
};

function addImport(node: Node, file: SourceFile): void {
  for (const each of children(node)) {
    const name = each.type === 'aliased_import' ? field(each, 'name') : each;
    const alias = each.type === 'aliased_import' ? field(each, 'alias')?.text : undefined;
    const module = name?.text ?? '';
    file.imports.push({
      local: alias ?? module.split('.')[0] ?? module,
      module: alias ? module : (module.split('.')[0] ?? module),
      node,
    });
    // `import a.b` makes `a` known, and runs `a.b`.
    if (!alias && module.includes('.')) file.imports.push({ local: module, module, node });
  }
}

function addFromImport(node: Node, file: SourceFile): void {
  const from = field(node, 'module_name');
  const module = absolute(from?.text ?? '', file.path);
  for (const each of node.childrenForFieldName('name')) {
    if (!each) continue;
    const name = (each.type === 'aliased_import' ? field(each, 'name')?.text : each.text) ?? '';
    const local = (each.type === 'aliased_import' ? field(each, 'alias')?.text : undefined) ?? name;
    file.imports.push({ local, module, member: name, node });
  }
  if (children(node).some(child => child.type === 'wildcard_import'))
    file.imports.push({ local: '*', module, node });
}

/** A relative import becomes a path from the root, with a slash before it: `/app/routers.users`. */
function absolute(module: string, path: string): string {
  const dots = /^\.+/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  let folder = folderOf(path);
  for (let up = 1; up < dots; up++) folder = folderOf(folder);
  const rest = module.slice(dots).replace(/\./g, '/');
  return `/${[folder === '.' ? '' : folder, rest].filter(Boolean).join('/')}`;
}

function addFunction(node: Node, file: SourceFile): void {
  const body = field(node, 'body');
  if (!body) return;
  const all = children(field(node, 'parameters') ?? node)
    .filter(param => param !== body && param.type !== 'keyword_separator')
    .map(param => {
      const name =
        param.type === 'identifier'
          ? param.text
          : (field(param, 'name')?.text ?? children(param)[0]?.text ?? '');
      const fallback = field(param, 'value');
      const type = typeName(field(param, 'type'));
      return { name, ...(fallback ? { fallback } : {}), ...(type ? { type } : {}) };
    });
  const isMethod = node.type === 'function_definition' && (all[0]?.name === 'self' || all[0]?.name === 'cls');
  const owner = isMethod ? enclosingClass(node) : undefined;
  const fn: FunctionDef = {
    name: node.type === 'lambda' ? '' : (field(node, 'name')?.text ?? ''),
    params: owner ? all.slice(1) : all,
    node,
    body,
    returns:
      node.type === 'lambda'
        ? [body]
        : descendants(body, 'return_statement').flatMap(each => children(each).slice(0, 1)),
    file,
    result: typeName(field(node, 'return_type')),
  };
  if (owner) Object.assign(fn, { owner, self: all[0]?.name });
  file.functions.push(fn);
}

/** `Settings`, `config.Settings | None`, `"Settings"` → `Settings` */
function typeName(node: Node | undefined): string | undefined {
  return node && /^["']?(?:\w+\.)*(\w+)/.exec(node.text)?.[1];
}

function enclosingClass(node: Node): string | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'class_definition') return field(at, 'name')?.text;
    if (at.type === 'function_definition') return undefined;
  }
  return undefined;
}

function addClass(node: Node, file: SourceFile): void {
  file.bindings.push(...settingsFields(node, file));
}

function addCall(node: Node, file: SourceFile): void {
  const callee = field(node, 'function');
  if (!callee) return;
  const isAttribute = callee.type === 'attribute';
  const name = isAttribute ? (field(callee, 'attribute')?.text ?? '') : callee.text.slice(0, 80);
  const receiver = isAttribute ? field(callee, 'object') : undefined;
  const dotted = receiver && receiver.endIndex - receiver.startIndex < 80 ? `${receiver.text}.${name}` : name;
  const args: Node[] = [];
  const keywords = new Map<string, Node>();
  for (const arg of children(field(node, 'arguments') ?? node)) {
    const value = arg.type === 'keyword_argument' ? field(arg, 'value') : undefined;
    if (value) keywords.set(field(arg, 'name')?.text ?? '', value);
    else args.push(arg);
  }
  file.calls.push({ node, dotted, name, receiver, args, keywords, file });
  if (name === 'add_argument') addArgument(node, args, keywords, file);
  // Django names modules in texts.
  if (name === 'setdefault' && textOf(args[0]) === 'DJANGO_SETTINGS_MODULE') addNamed(args[1], node, file);
  if (name === 'include') addNamed(args[0], node, file);
}

const textOf = (node: Node | undefined): string | undefined => {
  const shape = node && shapeOf(node);
  return shape?.kind === 'text' ? shape.text : undefined;
};

/** A module that runs because its name is given to a framework. */
function addNamed(name: Node | undefined, node: Node, file: SourceFile): void {
  const module = textOf(name);
  if (module !== undefined && /^[A-Za-z_][\w.]*$/.test(module))
    file.imports.push({ local: '', module, node });
}

/** argparse: `--port` is read as `args.port`. */
function addArgument(node: Node, args: Node[], keywords: Map<string, Node>, file: SourceFile): void {
  const flag = args.map(arg => arg.text.replace(/^["']|["']$/g, '')).find(text => text.startsWith('--'));
  const value = keywords.get('default');
  if (!flag || !value) return;
  const shape = shapeOf(value);
  const known: Binding['known'] = shape.kind === 'text' ? { flag, text: shape.text } : undefined;
  file.bindings.push({
    name: flag.slice(2).replace(/-/g, '_'),
    ...(known ? { known } : { value }),
    kind: 'field',
    node,
    file,
  });
}

function addAssignment(node: Node, file: SourceFile): void {
  const left = field(node, 'left');
  const value = field(node, 'right');
  if (!left) return;
  const around = node.parent?.parent?.parent;
  const inClass = around?.type === 'class_definition';
  if (left.type === 'identifier') {
    if (inClass && isSettings(node, file)) return;
    if (left.text === 'ROOT_URLCONF') addNamed(value, node, file);
    file.bindings.push({
      name: left.text,
      value,
      kind: inClass ? 'field' : 'variable',
      type: typeName(field(node, 'type')),
      owner: inClass ? field(around, 'name')?.text : undefined,
      node,
      file,
    });
  } else if (left.type === 'attribute') {
    file.bindings.push({ name: field(left, 'attribute')?.text ?? '', value, kind: 'field', node, file });
  }
}

/** Fields of a settings class are read by settingsFields. */
function isSettings(node: Node, file: SourceFile): boolean {
  return file.bindings.some(binding => binding.node.id === node.id && binding.known?.env !== undefined);
}

function addString(node: Node, file: SourceFile): void {
  // A documentation string is not said to anyone.
  if (node.parent?.type === 'expression_statement' || node.parent?.type === 'string') return;
  const shape = shapeOf(node);
  if (shape.kind === 'text') file.strings.push({ text: shape.text, node });
}

function addSubscript(node: Node, file: SourceFile): void {
  // `os.environ["X"] = …` sets it.
  const isTarget = node.parent?.type === 'assignment' && field(node.parent, 'left')?.id === node.id;
  if (shapeOf(node).kind === 'env' && !isTarget) file.envNodes.push({ node });
}
