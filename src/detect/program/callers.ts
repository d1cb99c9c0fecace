import { calleeNode } from './calls.ts';
import { append, type CallSite, type FunctionDef, type Program } from './facts.ts';
import { resolve, scopeOf } from './resolve.ts';

/** Calls of a function from anywhere in the program. */
export function callersOf(fn: FunctionDef, program: Program): CallSite[] {
  const callers = [...namesOf(fn, program)].flatMap(name => {
    const { called, handedIn } = targetsOf(name, program);
    return [...(called.get(fn) ?? []), ...handedIn.filter(call => mayCall(call, fn))];
  });
  return callers.slice(0, 200);
}

interface Targets {
  readonly called: Map<FunctionDef, CallSite[]>;
  /** On a parameter whose type does not tell: an interface. */
  readonly handedIn: CallSite[];
}

/** A program may have a thousand methods of one name, so what each call means is asked once for all of them. */
function targetsOf(name: string, program: Program): Targets {
  const cache = targetCaches.get(program) ?? new Map<string, Targets>();
  targetCaches.set(program, cache);
  const known = cache.get(name);
  if (known) return known;
  const targets: Targets = { called: new Map(), handedIn: [] };
  for (const call of program.callsByName.get(name) ?? []) {
    const entity = resolve(calleeNode(call), scopeOf(call), program);
    if (entity?.kind === 'function') append(targets.called, entity.fn, call);
    else if (!entity && call.receiver && resolve(call.receiver, scopeOf(call), program)?.kind === 'parameter')
      targets.handedIn.push(call);
  }
  cache.set(name, targets);
  return targets;
}

const targetCaches = new WeakMap<Program, Map<string, Targets>>();

/** A method called by way of an interface that was handed in: any of that name may be meant. */
const mayCall = (call: CallSite, fn: FunctionDef): boolean =>
  fn.owner !== undefined && call.args.length === fn.params.length && call.name === fn.name;

/** The names that a function is called by: its own, and those it is imported under. */
function namesOf(fn: FunctionDef, program: Program): Set<string> {
  const names = new Set([fn.name, 'default']);
  for (const member of [fn.name, 'default'])
    for (const { entry, file } of program.importsByMember.get(member) ?? [])
      if (entry.local !== fn.name && file.syntax.resolveModule(entry.module, file).includes(fn.file))
        names.add(entry.local);
  return names;
}
