import type { Database } from '../../model/model.ts';
import { BARE, type Entry, PIDS } from './entry.ts';
import { required } from './place.ts';

export const INIT_SCRIPT = 'deploy/compose/init-database.sh';
/** The account that the image runs PostgreSQL as, so that it need not start as root. */
const POSTGRES = { uid: 999, gid: 999 };

/** From version 18 the image keeps each major's data in a folder of its own below this one. */
const dataFolder = (version: string) =>
  Number.parseInt(version, 10) >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';

/** The database beside the service, published nowhere. */
export function databaseEntry(database: Database): Entry {
  return {
    ...BARE,
    key: 'db',
    image: `postgres:${database.version}-bookworm`,
    user: `${POSTGRES.uid}:${POSTGRES.gid}`,
    environment: {
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: required('DATABASE_ADMIN_PASSWORD'),
      POSTGRES_DB: database.name,
      DATABASE_OWNER_PASSWORD: required('DATABASE_OWNER_PASSWORD'),
      DATABASE_PASSWORD: required('DATABASE_PASSWORD'),
    },
    command: database.port === 5432 ? undefined : ['postgres', '-p', String(database.port)],
    volumes: [
      { type: 'volume', source: 'db-data', target: dataFolder(database.version) },
      {
        type: 'bind',
        source: `./${INIT_SCRIPT}`,
        target: '/docker-entrypoint-initdb.d/10-roles.sh',
        read_only: true,
      },
    ],
    healthcheck: {
      // By TCP: while the roles are still being made, PostgreSQL listens on its socket only.
      test: [
        'CMD',
        'pg_isready',
        '--quiet',
        '--host',
        '127.0.0.1',
        '--port',
        String(database.port),
        '--username',
        'postgres',
        '--dbname',
        database.name,
      ],
      interval: '5s',
      timeout: '5s',
      retries: 10,
      start_period: '60s',
    },
    // A fast shutdown writes a checkpoint first.
    stop: '60s',
    restart: 'unless-stopped',
    tmpfs: ['/tmp', `/var/run/postgresql:uid=${POSTGRES.uid},gid=${POSTGRES.gid},mode=0755`],
    limits: { cpus: '1', memory: '1024m', reserved: '256m', pids: PIDS },
  };
}
