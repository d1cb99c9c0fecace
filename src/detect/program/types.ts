import type { Node } from '../../syntax/tree.ts';
import { callAt, calleeNode } from './calls.ts';
import type { Binding, Named, Program, SourceFile } from './facts.ts';
import { type Entity, resolve, resolveName, type Scope, scopeOf } from './resolve.ts';

/** A type by its name, and the files that may declare it: packages have types of one name. */
export interface Type {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

/** The type of an expression, as far as declarations and constructors tell. */
export function typeOf(node: Node, scope: Scope, program: Program, depth = 0): Type | undefined {
  if (depth > 6) return undefined;
  const shape = scope.file.syntax.shape(node);
  if (shape.kind === 'wrap') return typeOf(shape.node, scope, program, depth + 1);
  if (shape.kind === 'call') {
    const call = callAt(node, scope.file);
    const made = call && resolve(calleeNode(call), scope, program);
    if (made?.kind === 'function' && made.fn.result) return typeNamed(made.fn.result, made.fn.file);
    return call && typeNamed(call.dotted, scope.file);
  }
  if (shape.kind === 'name') {
    for (let fn = scope.fn; fn; fn = fn.parent)
      if (fn.self === shape.name) return fn.owner === undefined ? undefined : typeNamed(fn.owner, fn.file);
    return typeOfEntity(resolveName(shape.name, scope), program, depth);
  }
  if (shape.kind !== 'member') return undefined;
  const declared = declaredField(shape.name, () => typeOf(shape.object, scope, program, depth + 1), program);
  return declared?.type
    ? typeNamed(declared.type, declared.file)
    : typeOfEntity(resolve(node, scope, program), program, depth);
}

/** Those of the type; where its files are not known, those of its name. */
export function ofType<T extends { file: SourceFile }>(
  named: Named<T> | undefined,
  type: Type | undefined,
): readonly T[] {
  const own = (type && named?.byOwner.get(type.name)) ?? [];
  const near = own.filter(({ file }) => type?.files.includes(file));
  return near.length > 0 ? near : own;
}

/** `grpcapi.Server`, or a name of the file's own package, or one that it imports. */
function typeNamed(text: string, file: SourceFile): Type {
  const [name = '', qualifier] = text.split('.').reverse();
  const entry = file.imports.find(({ local }) => local === (qualifier ?? name));
  if (entry) return { name, files: file.syntax.resolveModule(entry.module, file) };
  return { name, files: qualifier === undefined ? [file, ...file.syntax.siblings(file)] : [] };
}

function declaredField(name: string, owner: () => Type | undefined, program: Program): Binding | undefined {
  const fields = program.fieldTypes.get(name);
  const [first, another] = fields?.all ?? [];
  return another ? (ofType(fields, owner())[0] ?? first) : first;
}

function typeOfEntity(entity: Entity | undefined, program: Program, depth: number): Type | undefined {
  if (entity?.kind === 'parameter') {
    const { type } = entity.fn.params[entity.index] ?? {};
    return type === undefined ? undefined : typeNamed(type, entity.fn.file);
  }
  if (entity?.kind !== 'bindings') return undefined;
  const binding = entity.bindings.find(each => each.type ?? each.value);
  if (binding?.type) return typeNamed(binding.type, binding.file);
  return binding?.value && typeOf(binding.value, scopeOf(binding), program, depth + 1);
}
