import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import pg from 'pg';
import type { Answer } from '../answer.ts';
import type { Login } from './login.ts';
import { tunnel } from './tunnel.ts';

export interface Session {
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** What the server, or the way to it, refused. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  constructor(
    message: string,
    /** https://www.postgresql.org/docs/current/errcodes-appendix.html, or an error of the network. */
    readonly code: string,
  ) {
    super(message);
  }
}

/** Errors of the network have no digit. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** Logs in, works, and leaves; read-only, and ended by the signal. Throws DatabaseError for what is refused. */
export async function inDatabase<Result>(
  login: Login,
  limits: { signal: AbortSignal; timeout: number },
  work: (session: Session) => Promise<Result>,
): Promise<Answer<Result>> {
  const ssl = await sslOf(login).catch((error: Error) => error);
  if (ssl instanceof Error)
    return {
      obstacle: {
        why: `${login.ca}: ${ssl.message}`,
        next: "bring the authority's certificate here, or set database.ca",
      },
    };
  const { host, port, user, password, database, by } = login;
  const way = by === undefined ? undefined : await tunnel(by, host, port);
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    ssl,
    ...(password !== undefined && { password }),
    ...(way && { stream: () => way }),
    application_name: 'aideploy-verify',
    connectionTimeoutMillis: limits.timeout,
    query_timeout: limits.timeout,
  });
  // A connection that is lost between two questions; the next question says so.
  client.on('error', () => undefined);
  const stop = () => void client.end().catch(() => undefined);
  limits.signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    // Not a setting of the session: a pooler would hand it on to others.
    await client.query('BEGIN READ ONLY');
    const session: Session = {
      rows: async <Row>(sql: string, values: readonly unknown[] = []) =>
        (await client.query(sql, [...values])).rows as Row[],
    };
    return { value: await work(session) };
  } catch (error) {
    const { message, code = '' } = error as Error & { code?: string };
    // What the server did not say is the way's.
    if (by !== undefined && !SQLSTATE.test(code))
      return {
        obstacle: {
          why: `${host}:${port} by way of ${by}: ${message.split('\n')[0]}`,
          next: `look whether ssh ${by} may forward (AllowTcpForwarding), and whether the database answers there`,
        },
      };
    throw new DatabaseError(message || String(error), code);
  } finally {
    limits.signal.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
}

async function sslOf({ tls, ca, host }: Login): Promise<ConnectionOptions | false> {
  if (tls === 'disable') return false;
  if (tls === 'require') return { rejectUnauthorized: false };
  return {
    ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
    // libpq's verify-ca asks for the chain alone; the host may be an address, which a server's name is not.
    checkServerIdentity: (_, certificate) =>
      tls === 'verify-ca' ? undefined : checkServerIdentity(host, certificate),
  };
}
