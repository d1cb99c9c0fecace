import { join } from 'node:path';
import { databaseSpecs } from '../database/login.ts';
import { lookAtMigrations, type Migrations } from '../database/migrations.ts';
import type { Probe } from '../probe.ts';

export const databaseMigrations: Probe<Migrations> = {
  id: 'database-migrations',
  title: 'every migration is applied, and none broke off',
  plan: (deployment, flags) => {
    const migrations = deployment.model?.database?.migrations;
    const table = migrations?.table ?? 'schema_migrations';
    const folder =
      migrations?.files === undefined ? undefined : join(deployment.root ?? '.', migrations.files);
    return databaseSpecs(deployment, flags, `migrations are applied, by ${table}`).map(spec => ({
      ...spec,
      data: { ...spec.data, table, folder },
    }));
  },
  observe: ({ data }, { signal }) => lookAtMigrations(data, signal),
};
