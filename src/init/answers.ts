import { parse } from 'yaml';
import { isMapping, mergeOver } from '../config/environments.ts';

/** An answer that could not be read: which one, and how it is written. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

type Mapping = Record<string, unknown>;

/** `services.api.port=8081`: the path by dots (`\.` is a dot in a key), the value as YAML. */
export function parseSetting(setting: string): { path: string[]; value: unknown } {
  const equals = setting.indexOf('=');
  const path = setting
    .slice(0, equals)
    .split(/(?<!\\)\./)
    .map(step => step.replaceAll('\\.', '.'));
  if (equals < 1 || path.some(step => step === ''))
    throw new AnswerError(`--set ${setting}: write path=value, such as services.api.port=8081`);
  try {
    return { path, value: parse(setting.slice(equals + 1)) };
  } catch {
    throw new AnswerError(`--set ${setting}: the value is not valid YAML; quote it`);
  }
}

/** Later answers win over earlier ones; mappings merge. */
export function withAnswers(draft: Mapping, answers: readonly Mapping[]): Mapping {
  return answers.reduce<Mapping>((merged, answer) => mergeOver(merged, answer) as Mapping, draft);
}

/** A draft with one value changed; mappings on the way are made, items of lists are named by number. */
export function withValue(draft: Mapping, [step, ...rest]: readonly string[], value: unknown): Mapping {
  if (step === undefined) return draft;
  const inner = rest.length === 0 ? value : descend(draft[step], rest, value);
  return { ...draft, [step]: inner };
}

function descend(current: unknown, rest: readonly string[], value: unknown): unknown {
  const [index, ...deeper] = rest;
  if (Array.isArray(current) && index !== undefined && /^\d+$/.test(index)) {
    const at = Number(index);
    return current.with(
      Math.min(at, current.length - 1),
      deeper.length === 0 ? value : descend(current[at], deeper, value),
    );
  }
  return withValue(isMapping(current) ? current : {}, rest, value);
}

/** The value at a path, undefined where it ends early. */
export function valueAt(draft: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Mapping)[step] : undefined),
    draft,
  );
}
