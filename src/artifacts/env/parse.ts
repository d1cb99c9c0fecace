import type { Fault, Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import type { EnvVariable } from './env.ts';

const ASSIGNMENT = /^(\s*)(export\s+)?([A-Za-z_][\w.-]*)(\s*)(?:=(.*))?$/s;

export function parseEnv(text: Text): Parsed<readonly EnvVariable[]> {
  const variables: EnvVariable[] = [];
  const faults: Fault[] = [];
  const { content } = text;
  for (let at = 0; at < content.length; ) {
    const stop = content.indexOf('\n', at);
    const end = stop === -1 ? content.length : stop;
    const line = content.slice(at, end).replace(/\r$/, '');
    if (/^\s*(?:[#;]|$)/.test(line)) {
      at = end + 1;
      continue;
    }
    const found = variableOf(line, at) ?? undefined;
    if (!found) {
      faults.push({ rule: 'file/unreadable', offset: at, message: 'neither NAME=value nor a comment' });
      at = end + 1;
      continue;
    }
    const whole = extended(content, found);
    variables.push(whole);
    at = Math.max(end, whole.end) + 1;
  }
  return { body: variables, faults };
}

function variableOf(line: string, start: number): EnvVariable | undefined {
  const match = ASSIGNMENT.exec(line);
  const name = match?.[3];
  if (!match || !name) return undefined;
  const raw = match[5];
  const valueStart = raw === undefined ? start + line.length : start + line.length - raw.length;
  return {
    name,
    raw: raw ?? '',
    ...unquoted(raw),
    exported: match[2] !== undefined,
    start: start + (match[1]?.length ?? 0),
    valueStart,
    end: start + line.length,
  };
}

function unquoted(raw: string | undefined): Pick<EnvVariable, 'quote' | 'value'> {
  const trimmed = raw?.trim();
  const [, quote, inner] = /^(["'])(.*)\1(?:\s+#.*)?$/s.exec(trimmed ?? '') ?? [];
  if (quote === '"' || quote === "'") return { quote, value: inner };
  return { quote: undefined, value: trimmed };
}

/** A quoted value that its line does not close goes on to the line that does. */
function extended(content: string, variable: EnvVariable): EnvVariable {
  const opening = /^\s*(["'])/.exec(variable.raw)?.[1] as '"' | "'" | undefined;
  if (!opening || variable.quote !== undefined) return variable;
  const from = content.indexOf(opening, variable.valueStart) + 1;
  const close = content.indexOf(opening, from);
  // One that nothing closes ends with its line; the next lines speak for themselves.
  if (close === -1 || /^[A-Z_][A-Z0-9_]*=/m.test(content.slice(from, close))) return variable;
  const stop = content.indexOf('\n', close);
  const end = stop === -1 ? content.length : stop;
  return {
    ...variable,
    raw: content.slice(variable.valueStart, end),
    value: content.slice(from, close),
    quote: opening,
    end,
  };
}
