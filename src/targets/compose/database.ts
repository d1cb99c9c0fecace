import { type BuiltService, type Database, isBuilt, type Model } from '../../model/model.ts';
import { databaseUrl, required, runsBeside } from './place.ts';
import { type Entry, PIDS, type Stage, serviceEntry } from './service.ts';

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
      DATABASE_OWNER: database.owner,
      DATABASE_OWNER_PASSWORD: required('DATABASE_OWNER_PASSWORD'),
      DATABASE_USER: database.user,
      DATABASE_PASSWORD: required('DATABASE_PASSWORD'),
      DATABASE_USER_MIGRATES: String(database.migrations?.run !== 'command'),
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

/** Runs the migrations as the owner, before the service starts. */
export function migrateEntry(model: Model, stage: Stage): Entry | undefined {
  const { database } = model;
  const service = model.services.find(
    (candidate): candidate is BuiltService => isBuilt(candidate) && candidate.dependsOn.database,
  );
  if (!database?.migrations?.command || database.migrations.run !== 'command' || !service) return undefined;
  return {
    ...serviceEntry(model, service, stage),
    ...BARE,
    key: 'migrate',
    build: serviceEntry(model, service, stage).build,
    entrypoint: database.migrations.command,
    environment: { [database.migrations.secret]: databaseUrl(model, 'owner') },
    dependsOn: runsBeside(database) ? { db: { condition: 'service_healthy' } } : undefined,
    stop: '60s',
    restart: 'no',
  };
}

/** The volumes of a third party's image are made for root: this gives them to the user it runs as, once. */
export function volumeEntries(model: Model): Entry[] {
  return model.services
    .filter(service => !isBuilt(service) && service.volumes.length > 0)
    .map(service => ({
      ...BARE,
      key: `${service.key}-volumes`,
      notes: [`Gives the volumes of ${service.key} to the user that it runs as.`],
      image: service.source.kind === 'image' ? service.source.image : '',
      user: '0:0',
      entrypoint: [
        'chown',
        '-R',
        `${service.user.uid}:${service.user.gid}`,
        ...service.volumes.map(volume => volume.path),
      ],
      volumes: service.volumes.map(volume => ({
        type: 'volume',
        source: `${service.key}-${volume.name}`,
        target: volume.path,
      })),
      capabilities: ['CHOWN', 'DAC_OVERRIDE'],
    }));
}

const BARE = {
  notes: [],
  profiles: undefined,
  build: undefined,
  init: false,
  entrypoint: undefined,
  command: undefined,
  environment: undefined,
  secrets: undefined,
  ports: undefined,
  volumes: undefined,
  extraHosts: undefined,
  dependsOn: undefined,
  healthcheck: undefined,
  stop: '10s',
  restart: 'no',
  tmpfs: ['/tmp'],
  capabilities: undefined,
  replicas: 1,
  limits: { cpus: '0.5', memory: '128m', reserved: '32m', pids: 64 },
  devices: undefined,
} satisfies Partial<Entry>;
