import type { Node } from '../../syntax/tree.ts';
import {
  append,
  type Binding,
  type CallSite,
  type FunctionDef,
  type Import,
  type Named,
  type Program,
  type SourceFile,
} from './facts.ts';
import { ofType, type Type, typeOf } from './types.ts';

/** Where an expression stands: names mean what they mean here. */
export interface Scope {
  file: SourceFile;
  fn?: FunctionDef | undefined;
  /** The call through which the function was entered, when its parameters are known. */
  frame?: Frame | undefined;
}

export interface Frame {
  fn: FunctionDef;
  call: CallSite;
  from: Scope;
}

/** What a name stands for. */
export type Entity =
  | { kind: 'bindings'; bindings: Binding[]; unsure?: boolean }
  | { kind: 'function'; fn: FunctionDef }
  | { kind: 'parameter'; fn: FunctionDef; index: number }
  | { kind: 'module'; files: SourceFile[]; module: string };

export function resolveName(name: string, scope: Scope): Entity | undefined {
  return settle(lookUp(name, scope));
}

/** A name bound to a function (`const handler = () => …`) stands for the function. */
function settle(entity: Entity | undefined): Entity | undefined {
  if (entity?.kind !== 'bindings') return entity;
  for (const { value, file } of entity.bindings) {
    if (!value || file.syntax.shape(value).kind !== 'function') continue;
    const fn = file.functions.find(def => def.node.id === value.id);
    if (fn) return { kind: 'function', fn };
  }
  return entity;
}

function lookUp(name: string, scope: Scope): Entity | undefined {
  for (let fn = scope.fn; fn; fn = fn.parent) {
    const local = variablesNamed(name, scope.file).filter(binding => binding.fn === fn);
    if (local.length > 0) return { kind: 'bindings', bindings: local };
    const nested = functionsNamed(name, scope.file).find(def => def.parent === fn);
    if (nested) return { kind: 'function', fn: nested };
    const index = fn.params.findIndex(param => param.name === name);
    if (index >= 0) return { kind: 'parameter', fn, index };
  }
  return (
    topLevel(name, [scope.file, ...scope.file.syntax.siblings(scope.file)]) ?? imported(name, scope.file, 0)
  );
}

/** What a file has of each name, collected once. */
function indexed<T extends { name: string }>(listed: (file: SourceFile) => readonly T[]) {
  const indexes = new WeakMap<SourceFile, Map<string, T[]>>();
  return (name: string, file: SourceFile): readonly T[] => {
    let index = indexes.get(file);
    if (!index) {
      index = new Map();
      for (const each of listed(file)) append(index, each.name, each);
      indexes.set(file, index);
    }
    return index.get(name) ?? [];
  };
}

const variablesNamed = indexed(file => file.bindings.filter(({ kind }) => kind === 'variable'));
const functionsNamed = indexed(file => file.functions);

/** A name at the top level of one of the files. */
function topLevel(name: string, files: SourceFile[]): Entity | undefined {
  for (const file of files) {
    const bindings = variablesNamed(name, file).filter(binding => !binding.fn);
    if (bindings.length > 0) return { kind: 'bindings', bindings };
    const fn = functionsNamed(name, file).find(def => !def.parent && !def.owner);
    if (fn) return { kind: 'function', fn };
  }
  return undefined;
}

function imported(name: string, file: SourceFile, depth: number): Entity | undefined {
  if (depth > 4) return undefined;
  for (const entry of file.imports) {
    if (entry.local !== name && entry.local !== '*') continue;
    const found = fromImport(entry, name, file, depth);
    if (found) return found;
  }
  return undefined;
}

function fromImport(entry: Import, name: string, file: SourceFile, depth: number): Entity | undefined {
  const files = file.syntax.resolveModule(entry.module, file);
  if (!entry.member && entry.local !== '*') return { kind: 'module', files, module: entry.module };
  const member = entry.local === '*' ? name : (entry.member ?? name);
  const submodule = file.syntax.resolveModule(`${entry.module}.${member}`, file);
  if (submodule.length > 0) return { kind: 'module', files: submodule, module: `${entry.module}.${member}` };
  const found = memberOf(files, member, depth);
  if (found || entry.local !== name) return found;
  if (member === 'default') return { kind: 'module', files, module: entry.module };
  return files.length === 0 ? { kind: 'module', files, module: `${entry.module}.${member}` } : undefined;
}

/** What `module.name` stands for. */
export function memberOf(files: SourceFile[], name: string, depth = 0): Entity | undefined {
  const own = settle(topLevel(name, files));
  if (own) return own;
  for (const file of files) {
    const passedOn = imported(name, file, depth + 1);
    if (passedOn) return passedOn;
  }
  return undefined;
}

/** What an expression refers to, through names, members and imports. */
export function resolve(node: Node, scope: Scope, program: Program): Entity | undefined {
  if (nesting > maxNesting) return undefined;
  nesting++;
  try {
    return settle(follow(node, scope, program));
  } finally {
    nesting--;
  }
}

/** Names can lead in circles (`x = x.next`). */
const maxNesting = 40;
let nesting = 0;

function follow(node: Node, scope: Scope, program: Program): Entity | undefined {
  const shape = scope.file.syntax.shape(node);
  if (shape.kind === 'wrap') return resolve(shape.node, scope, program);
  if (shape.kind === 'name') return resolveName(shape.name, scope);
  if (shape.kind === 'module') {
    const files = scope.file.syntax.resolveModule(shape.module, scope.file);
    return memberOf(files, 'default') ?? { kind: 'module', files, module: shape.module };
  }
  if (shape.kind === 'function') {
    const fn = scope.file.functions.find(def => def.node.id === node.id);
    return fn && { kind: 'function', fn };
  }
  if (shape.kind !== 'member') return undefined;
  return resolveMember(shape.object, shape.name, scope, program);
}

function resolveMember(object: Node, name: string, scope: Scope, program: Program): Entity | undefined {
  const base = resolve(object, scope, program);
  if (base?.kind === 'module') {
    const submodule = scope.file.syntax.resolveModule(`${base.module}.${name}`, scope.file);
    if (submodule.length > 0) return { kind: 'module', files: submodule, module: `${base.module}.${name}` };
    return base.files.length > 0 ? memberOf(base.files, name) : undefined;
  }
  const methods = program.methodsByName.get(name);
  const fields = program.fieldsByName.get(name);
  const tells = methods !== undefined || (fields !== undefined && fields.all.length > 1);
  const type = tells ? typeOf(object, scope, program) : undefined;
  const [method] = ofType(methods, type);
  if (method) return { kind: 'function', fn: method };
  if (fields) return ofFields(fields, type, scope);
  // A method of something whose type isn't known (an interface): the only one of that name.
  const [only, another] = methods?.all ?? [];
  return only && !another ? { kind: 'function', fn: only } : undefined;
}

/** Fields of the type; else those given in the same function, else all of that name, which may be others' too. */
function ofFields(fields: Named<Binding>, type: Type | undefined, scope: Scope): Entity | undefined {
  const owned = ofType(fields, type);
  if (owned.length > 0) return settle({ kind: 'bindings', bindings: knownFirst(owned) });
  const near = (scope.fn && fields.byFunction.get(scope.fn)) ?? [];
  if (near.length > 0) return settle({ kind: 'bindings', bindings: knownFirst(near) });
  const all = guesses.get(fields) ?? {
    bindings: knownFirst(fields.all),
    unsure: new Set(fields.all.map(({ owner, file }) => `${owner} ${file.path}`)).size > 1,
  };
  guesses.set(fields, all);
  return settle({ kind: 'bindings', bindings: all.bindings, ...(all.unsure ? { unsure: true } : {}) });
}

const guesses = new WeakMap<Named<Binding>, { bindings: Binding[]; unsure: boolean }>();

const knownFirst = (bindings: readonly Binding[]): Binding[] => [
  ...bindings.filter(({ known }) => known),
  ...bindings.filter(({ known }) => !known),
];

export function scopeOf(fact: { file: SourceFile; fn?: FunctionDef | undefined }): Scope {
  return { file: fact.file, fn: fact.fn };
}

/** `path:name` of the binding that an expression stands for. */
export function identityOfBinding(node: Node, scope: Scope, program: Program): string | undefined {
  const entity = resolve(node, scope, program);
  const binding = entity?.kind === 'bindings' ? entity.bindings[0] : undefined;
  return binding && `${binding.file.path}:${binding.name}`;
}
