import { fail, type Observation, pass } from '../probe.ts';
import { type Ask, asService } from './login.ts';

interface Server {
  readonly role: string;
  readonly version: number;
  readonly tls: string | null;
  readonly standby: boolean;
  readonly connections: number;
  readonly most: number;
}

const SERVER = `
SELECT current_user AS role, current_setting('server_version_num')::int AS version,
  (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls,
  pg_is_in_recovery() AS standby,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`;

/** Of the connections: a restart with new pools beside old ones takes the rest. */
const FULL = 0.9;

export function lookAtConnection(data: Ask, signal: AbortSignal): Promise<Observation> {
  const { user, tls, version, name } = data.database;
  const expected = `a login to ${name} as ${user}${tls === 'disable' ? '' : ' over TLS'}`;
  return asService(data, expected, signal, async session => {
    const [server] = await session.rows<Server>(SERVER);
    if (!server) return fail({ observed: 'no answer to a question', expected, next: 'ask with psql' });
    if (server.role !== user)
      return fail({
        observed: `it logs in as ${server.role}`,
        expected,
        next: `give the service the URL of ${user}`,
      });
    if (tls !== 'disable' && server.tls === null)
      return fail({
        observed: 'the connection is not encrypted',
        expected,
        next: `sslmode=${tls} in ${data.variable}`,
      });
    if (server.standby)
      return fail({
        observed: 'the server is a standby, which takes no writes',
        expected: 'the primary',
        next: "use the primary's name",
      });
    const major = Math.floor(server.version / 10_000);
    if (major !== Number.parseInt(version, 10))
      return fail({
        observed: `PostgreSQL ${major}`,
        expected: `PostgreSQL ${version}`,
        next: 'change database.version, or upgrade the server',
      });
    if (server.connections > server.most * FULL)
      return fail({
        observed: `${server.connections} of ${server.most} connections are taken`,
        expected: 'room for new ones',
        next: 'deploy/database/tuning.sql says how large a pool may be',
      });
    const over = server.tls === null ? 'in clear text' : `over ${server.tls}`;
    return pass(
      `${user} is in, ${over}, PostgreSQL ${major}, ${server.connections} of ${server.most} connections taken`,
    );
  });
}
