import type { DetectedTimeouts, EnvVariable, Finding } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { evaluate } from '../program/evaluate.ts';
import type { Program } from '../program/facts.ts';
import { scopeOf } from '../program/resolve.ts';
import type { Dialect } from './program.ts';
import { duration, size } from './quantities.ts';

const drainName =
  /^(\w+_)?(SHUTDOWN|DRAIN|GRACEFUL|GRACE)(_SHUTDOWN|_DRAIN)?(_TIMEOUT|_PERIOD|_BUDGET)?(_S|_MS|_SEC|_SECS|_SECONDS)?$/;
const llmName =
  /^(\w*(LLM|OPENAI|ANTHROPIC|MODEL|COMPLETION|UPSTREAM)\w*)_TIMEOUT(_S|_MS|_SEC|_SECS|_SECONDS)?$/;
const requestName = /^(\w+_)?REQUEST_TIMEOUT(_S|_MS|_SEC|_SECS|_SECONDS)?$/;
const bodyName =
  /^(\w+_)?(MAX_(REQUEST|BODY|PAYLOAD|UPLOAD)(_BODY)?(_SIZE|_BYTES)?|BODY_(SIZE_)?LIMIT)(_BYTES)?$/;

export function timeoutsOf(program: Program, dialect: Dialect, env: EnvVariable[]): DetectedTimeouts {
  const timeouts: DetectedTimeouts = { server: [] };
  for (const { role, name, value, call } of dialect.timeLimits(program)) {
    const read = evaluate(value, scopeOf(call), program);
    // `SHUTDOWN_TIMEOUT` plus a moment to say goodbye: the variable's own value is what is configured.
    const found = duration(
      role === 'drain' ? (read?.env?.fallback ?? read?.text) : read?.text,
      read?.env?.name ?? name,
    );
    if (!found || !read) continue;
    const evidence = [...read.evidence.slice(0, 2), evidenceAt(call.file, call.node)];
    if (role === 'server') timeouts.server.push(finding({ name, duration: found }, evidence));
    else timeouts[role] ??= finding(found, evidence, role === 'llm' ? 'likely' : 'certain');
    if (role === 'drain' && read.env && /[a-z]$/.test(read.env.fallback ?? ''))
      timeouts.drainEnv ??= read.env.name;
  }
  for (const [role, pattern] of [
    ['drain', drainName],
    ['llm', llmName],
    ['request', requestName],
  ] as const) {
    const named = byName(env, pattern, (text, name) => duration(text, name));
    if (!named || (role !== 'llm' && timeouts[role])) continue;
    timeouts[role] = named.finding;
    if (role === 'drain' && /[a-z]$/.test(named.variable.default ?? ''))
      timeouts.drainEnv = named.variable.name;
  }
  return timeouts;
}

export function bodyLimitOf(
  program: Program,
  dialect: Dialect,
  env: EnvVariable[],
): Finding<string> | undefined {
  for (const { value, call } of dialect.bodyLimits(program)) {
    const read = evaluate(value, scopeOf(call), program);
    const found = size(read?.text);
    if (found && read)
      return finding(found, [...read.evidence.slice(0, 1), evidenceAt(call.file, call.node)]);
  }
  return byName(env, bodyName, text => size(text))?.finding;
}

function byName(
  env: EnvVariable[],
  pattern: RegExp,
  read: (text: string, name: string) => string | undefined,
): { finding: Finding<string>; variable: EnvVariable } | undefined {
  for (const variable of env) {
    const { name, default: fallback, evidence } = variable;
    const found = pattern.test(name) && fallback !== undefined ? read(fallback, name) : undefined;
    if (found) return { finding: finding(found, evidence, 'likely'), variable };
  }
  return undefined;
}
