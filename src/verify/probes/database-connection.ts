import { lookAtConnection } from '../database/connection.ts';
import { type Ask, databaseSpecs } from '../database/login.ts';
import type { Probe } from '../probe.ts';

export const databaseConnection: Probe<Ask> = {
  id: 'database-connection',
  title: "the service's role gets into the database, over TLS where it should, and may write there",
  plan: (deployment, flags) => databaseSpecs(deployment, flags, 'the database lets the service in'),
  observe: ({ data }, { signal }) => lookAtConnection(data, signal),
};
