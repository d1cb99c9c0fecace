import { contains, type Node } from '../../syntax/tree.ts';
import { calleeNode } from './calls.ts';
import type { CallSite, FunctionDef, Literal, Program } from './facts.ts';
import { resolve, type Scope, scopeOf } from './resolve.ts';

/** Everything that a handler may run: its own calls and texts, and those of the functions it calls. */
export interface Reached {
  functions: FunctionDef[];
  calls: CallSite[];
  strings: { literal: Literal; file: FunctionDef['file'] }[];
}

const maxFunctions = 60;

export function reach(handlers: Node[], scope: Scope, program: Program, limit = maxFunctions): Reached {
  const queue: FunctionDef[] = [];
  const inline: CallSite[] = [];
  for (const node of handlers) {
    const entity = resolve(node, scope, program);
    if (entity?.kind === 'function') queue.push(entity.fn);
    if (entity?.kind === 'bindings') {
      const target = entity.bindings.find(binding => binding.value);
      const { value } = target ?? {};
      const fn = target && value && resolve(value, scopeOf(target), program);
      if (fn?.kind === 'function') queue.push(fn.fn);
      // `stream := withCount(handler)`
      if (target && value) inline.push(...target.file.calls.filter(call => contains(value, call.node)));
    }
  }
  inline.push(...scope.file.calls.filter(call => handlers.some(node => contains(node, call.node))));
  return follow(queue, inline, program, limit);
}

/** Everything that a function may run. */
export function reachFrom(fn: FunctionDef, program: Program, limit: number): Reached {
  return follow([fn], [], program, limit);
}

function follow(queue: FunctionDef[], inline: CallSite[], program: Program, limit: number): Reached {
  const seen = new Set<FunctionDef>();
  const reached: Reached = { functions: [], calls: [...inline], strings: [] };
  for (const call of inline)
    queue.push(...calledFunction(call, program), ...functionArguments(call, program));
  for (let fn = queue.shift(); fn && seen.size < limit; fn = queue.shift()) {
    if (seen.has(fn)) continue;
    seen.add(fn);
    const { node, file } = fn;
    reached.functions.push(fn);
    const calls = file.calls.filter(call => contains(node, call.node));
    reached.calls.push(...calls);
    reached.strings.push(
      ...file.strings.filter(literal => contains(node, literal.node)).map(literal => ({ literal, file })),
    );
    for (const call of calls)
      queue.push(...calledFunction(call, program), ...functionArguments(call, program));
  }
  return reached;
}

function calledFunction(call: CallSite, program: Program): FunctionDef[] {
  const entity = resolve(calleeNode(call), scopeOf(call), program);
  return entity?.kind === 'function' ? [entity.fn] : [];
}

/** `StreamingResponse(generate())`, `withAuth(handler)`: functions that are passed on run as well. */
function functionArguments(call: CallSite, program: Program): FunctionDef[] {
  return call.args.slice(0, 6).flatMap(arg => {
    const shape = call.file.syntax.shape(arg);
    if (shape.kind !== 'name' && shape.kind !== 'member') return [];
    const entity = resolve(arg, scopeOf(call), program);
    return entity?.kind === 'function' ? [entity.fn] : [];
  });
}
