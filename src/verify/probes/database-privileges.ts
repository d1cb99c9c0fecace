import { type Ask, databaseSpecs } from '../database/login.ts';
import { lookAtPrivileges } from '../database/privileges.ts';
import type { Probe } from '../probe.ts';

export const databasePrivileges: Probe<Ask> = {
  id: 'database-privileges',
  title: "the service's role may read and write its tables, and no more",
  plan: (deployment, flags) =>
    databaseSpecs(deployment, flags, 'the service may do what it has to, and no more'),
  observe: ({ data }, { signal }) => lookAtPrivileges(data, signal),
};
