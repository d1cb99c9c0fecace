import { FUNCTIONS, OF_CONDITIONS } from '../../artifacts/workflow/contexts.ts';
import type { Call } from '../../artifacts/workflow/expression.ts';
import { isCondition, type Placed } from '../../artifacts/workflow/expressions.ts';
import { offered } from './triggers.ts';

/** Why a call cannot work. https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#functions */
export function callFault({ path }: Placed, { name, count, literal }: Call): string | undefined {
  const arity = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!arity) return `no function is called ${name}${offered(name, Object.keys(FUNCTIONS))}`;
  const [least, most] = arity;
  if (count < least || count > most) {
    const wanted =
      least === most
        ? `${least}`
        : most === Number.POSITIVE_INFINITY
          ? `${least} or more`
          : `${least} to ${most}`;
    return `${name} takes ${wanted} arguments, not ${count}`;
  }
  if (OF_CONDITIONS.includes(name) && !isCondition(path)) return `${name}() is known in if: alone`;
  if (name === 'hashfiles' && path[0] === 'jobs' && path[2] !== 'steps')
    return 'hashFiles is known in steps alone';
  return name === 'format' && literal !== undefined ? formatFault(literal, count - 1) : undefined;
}

function formatFault(text: string, given: number): string | undefined {
  const marks = [...text.replaceAll('{{', '').matchAll(/\{(\d{1,3})\}/g)].map(([, number]) => Number(number));
  const missing = marks.find(number => number >= given);
  return missing === undefined ? undefined : `format is given ${given} values, and none for {${missing}}`;
}
