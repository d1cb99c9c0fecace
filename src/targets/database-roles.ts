import { backupRole } from '../model/backup.ts';
import type { Database, Model } from '../model/model.ts';

/** A migration that waits longer for a lock would make everything else wait behind it. */
const LOCK_TIMEOUT = 30_000;
const OWNER_IDLE = 600_000;
const DEFAULT_REQUEST = 60_000;

export interface Roles {
  readonly database: string;
  readonly owner: string;
  readonly app: string;
  readonly backup: string;
  readonly appMigrates: boolean;
  /** Milliseconds. */
  readonly statementTimeout: number;
  readonly idleTimeout: number;
  readonly lockTimeout: number;
  readonly ownerIdleTimeout: number;
}

/** What templates/database/grants.sql grants, wherever the database runs. */
export function rolesOf(model: Model, database: Database): Roles {
  const users = model.services.filter(service => service.dependsOn.database);
  const appMigrates = database.migrations?.run !== 'command';
  // The service's own migrations run while it starts, and a request waits no longer than it may last.
  const budgets = users.flatMap(({ timing }) => [timing.request, ...(appMigrates ? [timing.startup] : [])]);
  const longest = Math.max(...(budgets.length > 0 ? budgets : [DEFAULT_REQUEST]));
  return {
    database: database.name,
    owner: database.owner,
    app: database.user,
    backup: backupRole(database),
    appMigrates,
    statementTimeout: longest,
    idleTimeout: longest,
    lockTimeout: LOCK_TIMEOUT,
    ownerIdleTimeout: OWNER_IDLE,
  };
}
