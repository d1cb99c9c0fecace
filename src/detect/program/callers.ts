import { calleeNode } from './calls.ts';
import type { CallSite, FunctionDef, Program } from './facts.ts';
import { resolve, scopeOf } from './resolve.ts';

/** Calls of a function from anywhere in the program. */
export function callersOf(fn: FunctionDef, program: Program): CallSite[] {
  const cache = callerCaches.get(program) ?? new Map<FunctionDef, CallSite[]>();
  callerCaches.set(program, cache);
  const known = cache.get(fn);
  if (known) return known;
  const callers = [...namesOf(fn, program)].flatMap(name =>
    (program.callsByName.get(name) ?? []).filter(call => {
      const entity = resolve(calleeNode(call), scopeOf(call), program);
      return entity?.kind === 'function' ? entity.fn === fn : !entity && mayCall(call, fn, program);
    }),
  );
  cache.set(fn, callers.slice(0, 200));
  return callers.slice(0, 200);
}

/** A method called by way of an interface that was handed in: any of that name may be meant. */
function mayCall(call: CallSite, fn: FunctionDef, program: Program): boolean {
  if (fn.owner === undefined || !call.receiver || call.args.length !== fn.params.length) return false;
  return resolve(call.receiver, scopeOf(call), program)?.kind === 'parameter';
}

const callerCaches = new WeakMap<Program, Map<FunctionDef, CallSite[]>>();

/** The names that a function is called by: its own, and those it is imported under. */
function namesOf(fn: FunctionDef, program: Program): Set<string> {
  const names = new Set([fn.name, 'default']);
  for (const file of program.files) {
    for (const { local, module, member } of file.imports) {
      if (
        member &&
        local !== fn.name &&
        (member === fn.name || member === 'default') &&
        file.syntax.resolveModule(module, file).includes(fn.file)
      )
        names.add(local);
    }
  }
  return names;
}
