import type { Node } from '../../syntax/tree.ts';
import type { Evidence } from '../detection.ts';
import { evidenceAt } from '../evidence.ts';
import { callersOf } from './callers.ts';
import { callAt, calleeNode } from './calls.ts';
import type { Binding, CallSite, FunctionDef, Program, Shape } from './facts.ts';
import { type Entity, type Frame, resolve, resolveName, type Scope, scopeOf } from './resolve.ts';

/** What an expression comes to, with the variable or flag that decides it. */
export interface Value {
  /** The text it has when neither variable nor flag is set. */
  text?: string | undefined;
  env?: { name: string; fallback?: string | undefined; required?: boolean | undefined } | undefined;
  flag?: { name: string; fallback?: string | undefined } | undefined;
  /** The variable's value is only a part of the text (`":" + PORT`). */
  partial?: boolean | undefined;
  /** Found by a field's name alone. */
  unsure?: boolean | undefined;
  /** Where text, variable or flag is written. */
  evidence: Evidence[];
}

const maxDepth = 32;
/** Names can lead in circles, so each value may take this many steps and no more. */
const maxSteps = 3000;
let steps = 0;

export function evaluate(node: Node, scope: Scope, program: Program, depth = 0): Value | undefined {
  if (depth === 0) steps = 0;
  if (depth > maxDepth || steps++ > maxSteps) return undefined;
  const shape = scope.file.syntax.shape(node);
  const here = () => evidenceAt(scope.file, node);
  switch (shape.kind) {
    case 'text':
      return { text: shape.text, evidence: [here()] };
    case 'wrap':
      return evaluate(shape.node, scope, program, depth + 1);
    case 'concat':
      return join(
        shape.parts.map(part =>
          typeof part === 'string' ? { text: part, evidence: [] } : evaluate(part, scope, program, depth + 1),
        ),
      );
    case 'either':
      return merge(shape.nodes.map(each => evaluate(each, scope, program, depth + 1)));
    case 'env':
      return fromEnv(shape, scope, program, depth, here());
    case 'flag':
      return fromFlag(shape, scope, program, depth, here());
    case 'name':
      return fromEntity(resolveName(shape.name, scope), scope, program, depth);
    case 'member':
      return fromEntity(resolve(node, scope, program), scope, program, depth);
    case 'call':
      return fromCall(node, scope, program, depth);
    default:
      return undefined;
  }
}

function fromEnv(
  shape: Extract<Shape, { kind: 'env' }>,
  scope: Scope,
  program: Program,
  depth: number,
  here: Evidence,
): Value | undefined {
  const name =
    typeof shape.name === 'string' ? shape.name : evaluate(shape.name, scope, program, depth + 1)?.text;
  const fallback = shape.fallback && evaluate(shape.fallback, scope, program, depth + 1);
  if (!name) return fallback;
  return {
    text: fallback?.text,
    env: { name, fallback: fallback?.text, required: shape.required },
    evidence: [here, ...(fallback?.evidence ?? [])],
  };
}

function fromFlag(
  shape: Extract<Shape, { kind: 'flag' }>,
  scope: Scope,
  program: Program,
  depth: number,
  here: Evidence,
): Value {
  const name = evaluate(shape.name, scope, program, depth + 1)?.text;
  const fallback = shape.fallback && evaluate(shape.fallback, scope, program, depth + 1);
  return {
    text: fallback?.text,
    env: fallback?.env,
    flag: name ? { name, fallback: fallback?.text } : undefined,
    partial: fallback?.partial,
    unsure: fallback?.unsure,
    evidence: [here, ...(fallback?.evidence ?? [])],
  };
}

function fromEntity(
  entity: Entity | undefined,
  scope: Scope,
  program: Program,
  depth: number,
): Value | undefined {
  if (entity?.kind === 'bindings') {
    const value = merge(
      entity.bindings.slice(0, 24).map(binding => fromBinding(binding, scope, program, depth)),
    );
    return value && entity.unsure ? { ...value, unsure: true } : value;
  }
  if (entity?.kind === 'parameter') return fromParameter(entity.fn, entity.index, scope, program, depth);
  return undefined;
}

function fromBinding(binding: Binding, scope: Scope, program: Program, depth: number): Value | undefined {
  if (binding.known) {
    const { env, flag, text, required } = binding.known;
    const evidence = [evidenceAt(binding.file, binding.node)];
    return {
      text,
      env: env ? { name: env, fallback: text, required } : undefined,
      flag: flag ? { name: flag, fallback: text } : undefined,
      evidence,
    };
  }
  if (!binding.value) return undefined;
  const frame = binding.fn && scope.frame?.fn === binding.fn ? scope.frame : undefined;
  return evaluate(binding.value, { file: binding.file, fn: binding.fn, frame }, program, depth + 1);
}

function fromParameter(
  fn: FunctionDef,
  index: number,
  scope: Scope,
  program: Program,
  depth: number,
): Value | undefined {
  const frame = frameFor(fn, scope.frame);
  if (frame) return argument(frame.call, fn, index, frame.from, program, depth);
  const callers = callersOf(fn, program);
  if (callers.length === 0) return argument(undefined, fn, index, scopeOf(fn), program, depth);
  return merge(callers.slice(0, 8).map(call => argument(call, fn, index, scopeOf(call), program, depth + 1)));
}

function frameFor(fn: FunctionDef, frame: Frame | undefined): Frame | undefined {
  for (let at = frame; at; at = at.from.frame) if (at.fn === fn) return at;
  return undefined;
}

function argument(
  call: CallSite | undefined,
  fn: FunctionDef,
  index: number,
  from: Scope,
  program: Program,
  depth: number,
): Value | undefined {
  const param = fn.params[index];
  if (!param) return undefined;
  const given = call && (call.keywords.get(param.name) ?? call.args[index]);
  if (given) return evaluate(given, from, program, depth + 1);
  return param.fallback && evaluate(param.fallback, { file: fn.file }, program, depth + 1);
}

/** A call of a function of this repository is followed into what it returns. */
function fromCall(node: Node, scope: Scope, program: Program, depth: number): Value | undefined {
  const call = callAt(node, scope.file);
  if (!call) return undefined;
  const entity = resolve(calleeNode(call), scope, program);
  if (entity?.kind !== 'function') {
    // `parse(raw)`, `Number(x)`: what is unknown but converts is taken to keep the value.
    const [only, another] = call.args;
    const converts =
      entity?.kind === 'parameter' ||
      /^(parse|to|as|must|int|num|str|trim|float|bool)|(int|number|string|port|Int|Number|String)$/i.test(
        call.name,
      );
    return only && !another && converts ? evaluate(only, scope, program, depth + 1) : undefined;
  }
  const { fn } = entity;
  if (frameFor(fn, scope.frame) && depth > 4) return undefined;
  const frame: Frame = { fn, call, from: scope };
  const inside: Scope = { file: fn.file, fn, frame };
  const given = merge(fn.returns.slice(0, 8).map(each => evaluate(each, inside, program, depth + 2)));
  if (given) return given;
  // What is computed from a variable (a sum of parsed parts) is still set by that variable.
  const reads = fn.file.calls.filter(each => each.fn === fn).slice(0, 12);
  return merge(
    reads.map(each => evaluate(each.node, inside, program, depth + 2)).filter(value => value?.env),
  );
}

/** One of several: the variable of whichever has one, the text of whichever has one. */
export function merge(values: (Value | undefined)[]): Value | undefined {
  const there = values.filter(
    value => value !== undefined && (value.text !== undefined || value.env || value.flag),
  ) as Value[];
  const [first, ...others] = there;
  if (!first) return undefined;
  if (others.length === 0) return first;
  const text =
    there.find(value => value.text !== undefined && value.text !== '')?.text ??
    there.find(value => value.text !== undefined)?.text;
  const byEnv = there.find(value => value.env);
  const flag = there.find(value => value.flag)?.flag;
  const env = byEnv?.env && { ...byEnv.env, fallback: byEnv.env.fallback || text };
  const unsure = there.some(value => value.unsure);
  return {
    text,
    env,
    flag,
    partial: byEnv?.partial,
    unsure,
    evidence: there.flatMap(value => value.evidence),
  };
}

function join(parts: (Value | undefined)[]): Value | undefined {
  const there = parts.filter(part => part !== undefined);
  if (there.length === 0) return undefined;
  // Of host and port in one address, the port is what has to be set.
  const decisive = there.findLast(
    part => part.env && (/PORT/i.test(part.env.name) || /^\d+$/.test(part.text ?? '')),
  );
  const env = (decisive ?? there.find(part => part.env))?.env;
  const flag = there.findLast(part => part.flag)?.flag;
  return {
    // An unknown host or prefix leaves the known end: `"%s:%d"`, `base + "/chat"`.
    text: parts.at(-1)?.text === undefined ? undefined : parts.map(part => part?.text ?? '').join(''),
    env,
    flag,
    partial: Boolean(env ?? flag),
    unsure: there.some(part => part.unsure),
    evidence: there.flatMap(part => part.evidence),
  };
}
