import { factOf, factsOf } from '../artifacts/fact.ts';
import type { Place } from '../artifacts/text.ts';
import type { Member } from './context.ts';

/**
 * How many workers a server is told to start, and where: by its flags or configuration, else by
 * WEB_CONCURRENCY, which gunicorn and uvicorn both read. Undefined where nothing says.
 */
export function workerCount(member: Member): { readonly value: number; readonly at: Place } | undefined {
  const server = factOf(member, 'server');
  if (!server) return undefined;
  if (server.value.workers !== undefined) return { value: server.value.workers, at: server.at };
  const variable = factsOf(member, 'env').findLast(({ value }) => value.name === 'WEB_CONCURRENCY');
  const value = variable?.value.value;
  return variable && value !== undefined && /^\d{1,4}$/.test(value)
    ? { value: Number(value), at: variable.at }
    : undefined;
}
