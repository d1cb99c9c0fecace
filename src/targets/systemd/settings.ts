import type { Host } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { exampleName } from './files.ts';
import type { Migration } from './migrate.ts';
import { ownerVariable, type Variable, variablesOf } from './secrets.ts';

/** The operator's files, and what each has to say before a deploy. */
export function environmentFiles(model: Model, host: Host, migration: Migration | undefined): object[] {
  const required = (variables: readonly Variable[]) =>
    variables.filter(each => !each.optional).map(each => each.name);
  const own = host.services.map(each => ({
    example: exampleName(each.service.unit),
    path: each.environmentFile,
    required: required(variablesOf(model, host, each)),
  }));
  if (!migration) return own;
  const owner = required([ownerVariable(model, host, migration)]);
  return [...own, { example: exampleName(migration.unit), path: migration.environmentFile, required: owner }];
}

export function credentialsOf(model: Model, host: Host): object[] {
  if (model.targets.systemd?.credentials !== 'files') return [];
  const secrets = new Map<string, boolean>();
  for (const { service } of host.services)
    for (const { name, optional } of service.secrets)
      secrets.set(name, optional && (secrets.get(name) ?? true));
  return [...secrets].map(([name, optional]) => ({ path: `${host.credentials}/${name}`, optional }));
}
