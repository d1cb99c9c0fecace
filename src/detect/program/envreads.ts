import { contains, descendants, field, type Node } from '../../syntax/tree.ts';
import { evidenceAt } from '../evidence.ts';
import { callersOf } from './callers.ts';
import { evaluate, merge, type Value } from './evaluate.ts';
import type { Binding, CallSite, FunctionDef, Program, SourceFile } from './facts.ts';
import { type Scope, scopeOf } from './resolve.ts';

/**
 * Every variable that the program reads, with what stands in for it. Helpers such as `getenv(key, def)` are
 * followed to their callers.
 */
export function envReads(program: Program): Value[] {
  const reads: Value[] = [];
  for (const file of program.files) {
    for (const { node, fn } of envNodes(file)) reads.push(...readAt(node, { file, fn }, program));
    for (const binding of file.bindings) if (binding.known?.env) reads.push(knownRead(binding));
  }
  return reads;
}

function knownRead(binding: Binding): Value {
  const { env = '', text, required } = binding.known ?? {};
  return {
    text,
    env: { name: env, fallback: text, required },
    evidence: [evidenceAt(binding.file, binding.node)],
  };
}

function envNodes(file: SourceFile): { node: Node; fn?: FunctionDef | undefined }[] {
  return [...file.calls.filter(call => file.syntax.shape(call.node).kind === 'env'), ...file.envNodes];
}

function readAt(node: Node, scope: Scope, program: Program): Value[] {
  const shape = scope.file.syntax.shape(node);
  if (shape.kind !== 'env') return [];
  const index = typeof shape.name === 'string' ? -1 : paramIndex(shape.name, scope.file, scope.fn);
  if (scope.fn && index >= 0) {
    return outermostCalls(scope.fn, index, program, 0).flatMap(call => {
      const value = evaluate(call.node, scopeOf(call), program);
      if (!value?.env) return [];
      return [
        { ...widen(value, call.node, scopeOf(call), program), evidence: [evidenceAt(call.file, call.node)] },
      ];
    });
  }
  const value = evaluate(node, scope, program);
  return value?.env ? [widen(value, node, scope, program)] : [];
}

function paramIndex(node: Node, file: SourceFile, fn: FunctionDef | undefined): number {
  const shape = file.syntax.shape(node);
  return shape.kind === 'name' ? (fn?.params.findIndex(param => param.name === shape.name) ?? -1) : -1;
}

/** Calls that name the variable: through helpers that call helpers. */
function outermostCalls(fn: FunctionDef, index: number, program: Program, depth: number): CallSite[] {
  if (depth > 4) return [];
  return callersOf(fn, program).flatMap(call => {
    const given = call.args[index] ?? call.keywords.get(fn.params[index]?.name ?? '');
    if (!given) return [];
    const own = paramIndex(given, call.file, call.fn);
    return call.fn && own >= 0 ? outermostCalls(call.fn, own, program, depth + 1) : [call];
  });
}

/** `port := os.Getenv("PORT"); if port == "" { port = "8080" }` and `x || y` say the default one level up. */
function widen(value: Value, node: Node, scope: Scope, program: Program): Value {
  const { env } = value;
  if (!env || env.fallback !== undefined) return value;
  const same = (wider: Value | undefined) => (wider?.env?.name === env.name ? wider.env.fallback : undefined);
  const bound = scope.file.bindings.find(
    binding => binding.value && binding.fn === scope.fn && contains(binding.value, node),
  );
  const fallback =
    same(bound && boundValue(bound, scope, program)) ?? same(enclosingEither(node, scope, program));
  if (fallback !== undefined) return { ...value, env: { ...env, fallback } };
  const demanded = bound && isDemanded(bound.name, scope) ? true : undefined;
  return {
    ...value,
    env: { ...env, required: env.required ?? demanded ?? (isTested(node) ? false : undefined) },
  };
}

function boundValue(bound: Binding, scope: Scope, program: Program): Value | undefined {
  const all = scope.file.bindings.filter(
    ({ kind, name, fn }) => kind === bound.kind && name === bound.name && fn === bound.fn,
  );
  return merge(all.map(each => each.value && evaluate(each.value, scope, program)));
}

/** `f(process.env.X ?? "y")`: the nearest choice around it. */
function enclosingEither(node: Node, scope: Scope, program: Program): Value | undefined {
  let outer = node.parent;
  for (let steps = 0; outer && steps < 5; steps++, outer = outer.parent) {
    if (scope.file.syntax.shape(outer).kind === 'either') return evaluate(outer, scope, program);
  }
  return undefined;
}

/** `if os.Getenv("X") != ""`: it may be absent. */
function isTested(node: Node): boolean {
  const outer = node.parent;
  if (!outer || !/^(binary_expression|comparison_operator)$/.test(outer.type)) return false;
  return /(==|!=|\bis\b)\s*(not\s+)?("{2}|'{2}|nil|null|undefined|None)\s*$/.test(outer.text);
}

/** Does the function give up when the name is empty? */
function isDemanded(name: string, scope: Scope): boolean {
  const within = scope.fn?.body ?? scope.file.tree.rootNode;
  return descendants(within, 'if_statement').some(statement => {
    const condition = field(statement, 'condition')?.text ?? '';
    const isEmptyTest = new RegExp(
      `(\\b${name}\\b\\s*===?\\s*(""|''|undefined|null)|!\\s*\\w*\\.?${name}\\b|not ${name}\\b|${name} is None)`,
    );
    const gives = /Fatal|panic|[eE]xit\(|\bthrow\b|\braise\b|errors\.New|Errorf/;
    return isEmptyTest.test(condition) && gives.test(field(statement, 'consequence')?.text ?? '');
  });
}
