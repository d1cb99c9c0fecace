import { isBuilt, type Model, type Service } from '../../model/model.ts';
import { databaseUrl, required, textValue, type Value } from './place.ts';

/** Null leaves a variable unset unless .env, or the shell that runs compose, sets it. */
export type Variable = Value | null;

/** Variables of one service: what the file says, what the container's limits imply, and its secrets. */
export function environmentOf(model: Model, service: Service): Record<string, Variable> {
  const own = Object.entries(service.env).map(([name, text]): [string, Value] => [
    name,
    textValue(text, model, service),
  ]);
  const secrets = service.secrets.map((secret): [string, Variable] => secretVariable(model, secret));
  return Object.fromEntries([...runtimeVariables(service), ...own, ...secrets]);
}

function secretVariable(
  model: Model,
  { name, from, optional }: Service['secrets'][number],
): [string, Variable] {
  if (asFiles(model)) return [`${name}_FILE`, `/run/secrets/${name}`];
  if (from === 'database' && model.database?.host === undefined) return [name, databaseUrl(model, 'user')];
  return [name, optional ? null : required(name)];
}

/** Go counts the host's memory and CPUs unless it is told of its share. */
function runtimeVariables(service: Service): [string, Value][] {
  if (!isBuilt(service) || service.source.language !== 'go') return [];
  const { goMemoryLimit, goMaxProcs } = service.capacity;
  return [
    ['GOMEMLIMIT', `${goMemoryLimit}B`],
    ['GOMAXPROCS', String(goMaxProcs)],
  ];
}

export const asFiles = (model: Model): boolean => model.targets.compose?.secrets === 'files';

export const secretNames = (model: Model, service: Service): string[] =>
  asFiles(model) ? service.secrets.map(secret => secret.name) : [];
