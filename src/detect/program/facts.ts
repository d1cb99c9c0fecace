import type { Node, Tree } from '../../syntax/tree.ts';

/**
 * What one source file says, in terms that hold for Go, Python and TypeScript alike. A syntax (go/syntax.ts …)
 * fills these in, so that following a value, a router or a call is written once.
 */
export interface SourceFile {
  path: string;
  text: string;
  tree: Tree;
  syntax: Syntax;
  functions: FunctionDef[];
  calls: CallSite[];
  bindings: Binding[];
  strings: Literal[];
  imports: Import[];
  /** Reads of the environment that aren't calls: `os.environ["X"]`, `process.env.X`. */
  envNodes: { node: Node; fn?: FunctionDef | undefined }[];
}

export interface FunctionDef {
  name: string;
  /** Receiver type or class. */
  owner?: string;
  params: { name: string; fallback?: Node; type?: string | undefined }[];
  /** The name of the receiver: `s` of `func (s *Server)`, `self`, `this`. */
  self?: string;
  /** Name of the type it returns, without pointer. */
  result?: string | undefined;
  node: Node;
  body: Node;
  /** What it may return. */
  returns: Node[];
  parent?: FunctionDef | undefined;
  file: SourceFile;
}

export interface CallSite {
  node: Node;
  /** `http.HandleFunc`, `app.get`, `http.Server` for a composite literal. */
  dotted: string;
  /** Its last part. */
  name: string;
  receiver?: Node | undefined;
  args: Node[];
  /** Keyword arguments, keys of a composite literal, or keys of the object literal given last. */
  keywords: Map<string, Node>;
  fn?: FunctionDef | undefined;
  file: SourceFile;
}

/** A name or a field that is given a value. */
export interface Binding {
  name: string;
  value?: Node | undefined;
  /** For a field whose value comes from the environment by a tag or a settings class. */
  known?: { env?: string; flag?: string; text?: string; required?: boolean };
  kind: 'variable' | 'field';
  /** The type or class that a field belongs to. */
  owner?: string | undefined;
  /** Name of its declared type, without pointer. */
  type?: string | undefined;
  node: Node;
  fn?: FunctionDef | undefined;
  file: SourceFile;
}

export interface Literal {
  text: string;
  node: Node;
  fn?: FunctionDef | undefined;
}

export interface Import {
  /** The name it has in this file; `*` for all names of the module. */
  local: string;
  module: string;
  /** The name it has in the module; none for the module itself. */
  member?: string;
  node: Node;
}

/** The form of an expression, as far as following a value needs it. */
export type Shape =
  | { kind: 'text'; text: string }
  | { kind: 'concat'; parts: (Node | string)[] }
  | { kind: 'either'; nodes: Node[] }
  | { kind: 'wrap'; node: Node }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Node; name: string }
  | { kind: 'env'; name: Node | string; fallback?: Node | undefined; required?: boolean }
  | { kind: 'flag'; name: Node; fallback?: Node | undefined }
  | { kind: 'call' }
  | { kind: 'function' }
  | { kind: 'module'; module: string }
  | { kind: 'other' };

export interface Syntax {
  shape(node: Node): Shape;
  /** The files that an import of `module` in `file` stands for, within the repository. */
  resolveModule(module: string, file: SourceFile): SourceFile[];
  /** Files whose top-level names `file` sees without an import (the same Go package). */
  siblings(file: SourceFile): SourceFile[];
}

/** All that have one name, and those of them that a type has or a function gives: of some names there are thousands. */
export interface Named<T> {
  readonly all: T[];
  readonly byOwner: Map<string, T[]>;
  readonly byFunction: Map<FunctionDef, T[]>;
}

/** The files of one program: what is reachable from its entry. */
export interface Program {
  files: SourceFile[];
  callsByName: Map<string, CallSite[]>;
  /** Functions of a type or class. */
  methodsByName: Map<string, Named<FunctionDef>>;
  importsByMember: Map<string, { entry: Import; file: SourceFile }[]>;
  /** Fields that are given a value. */
  fieldsByName: Map<string, Named<Binding>>;
  /** Fields that are declared with a type. */
  fieldTypes: Map<string, Named<Binding>>;
}

export function programOf(files: SourceFile[]): Program {
  const program: Program = {
    files,
    callsByName: new Map(),
    methodsByName: new Map(),
    importsByMember: new Map(),
    fieldsByName: new Map(),
    fieldTypes: new Map(),
  };
  for (const file of files) {
    for (const call of file.calls) append(program.callsByName, call.name, call);
    for (const fn of file.functions) if (fn.owner !== undefined) addNamed(program.methodsByName, fn);
    for (const entry of file.imports)
      if (entry.member) append(program.importsByMember, entry.member, { entry, file });
    for (const binding of file.bindings) {
      if (binding.kind !== 'field') continue;
      const isGiven = binding.value !== undefined || binding.known !== undefined;
      addNamed(isGiven ? program.fieldsByName : program.fieldTypes, binding);
    }
  }
  return program;
}

function addNamed<T extends { name: string; owner?: string | undefined; fn?: FunctionDef | undefined }>(
  map: Map<string, Named<T>>,
  value: T,
): void {
  const named: Named<T> = map.get(value.name) ?? { all: [], byOwner: new Map(), byFunction: new Map() };
  map.set(value.name, named);
  named.all.push(value);
  if (value.owner !== undefined) append(named.byOwner, value.owner, value);
  if (value.fn) append(named.byFunction, value.fn, value);
}

export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Files reachable from `entries` by imports, in a stable order. */
export function reachable(entries: SourceFile[]): SourceFile[] {
  const seen = new Set<SourceFile>();
  const queue = [...entries];
  for (let file = queue.shift(); file; file = queue.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    queue.push(...file.syntax.siblings(file));
    for (const { module, member } of file.imports) {
      queue.push(...file.syntax.resolveModule(module, file));
      // `from package import module`
      if (member && member !== 'default')
        queue.push(...file.syntax.resolveModule(`${module}.${member}`, file));
    }
  }
  return [...seen].sort((a, b) => (a.path < b.path ? -1 : 1));
}
