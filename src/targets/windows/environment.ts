import type { BuiltService, Model } from '../../model/model.ts';
import { type Known, textOf } from './place.ts';

export interface Environment {
  readonly known: readonly { readonly name: string; readonly value: Known }[];
  /** What the operator's file has to say, and what it may. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export function environmentOf(model: Model, service: BuiltService): Environment {
  const own = Object.entries(service.env).map(([name, text]) => ({
    name,
    value: textOf(text, model, service),
  }));
  const named = new Set(own.map(({ name }) => name));
  const implied = runtimeVariables(service).filter(({ name }) => !named.has(name));
  const names = (optional: boolean) =>
    service.secrets.filter(secret => secret.optional === optional).map(({ name }) => name);
  return {
    known: [...implied, ...own].flatMap(({ name, value }) => (value ? [{ name, value }] : [])),
    required: [...names(false), ...own.filter(({ value }) => !value).map(({ name }) => name)],
    optional: names(true),
  };
}

/** What the platform implies: an interpreter's habits, and Go's share of the machine. */
function runtimeVariables({ source, capacity }: BuiltService): { name: string; value: Known }[] {
  const values = {
    go: { GOMEMLIMIT: `${capacity.goMemoryLimit}B`, GOMAXPROCS: String(capacity.goMaxProcs) },
    python: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' },
    node: { NODE_ENV: 'production' },
  }[source.language];
  return Object.entries(values).map(([name, value]) => ({ name, value: [value] }));
}
