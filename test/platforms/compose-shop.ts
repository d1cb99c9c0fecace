/** A shop of two services and a database for tests of `deploy compose`: as broken as its image says. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { project } from '../cli/run.ts';
import { freePort } from '../services/ports.ts';
import { type DeployProject, deployProject, type Ended } from './deploy-project.ts';
import { bases, buildImage, compose, docker, engine } from './docker.ts';

const SERVER = `import http from 'node:http';
const { VERSION, BEHAVIOUR = '', PORT } = process.env;
const [verb] = process.argv.slice(2);
if (verb === 'health') {
  const answer = await fetch('http://127.0.0.1:' + PORT + '/health/ready').catch(error => ({ ok: false, status: error.message }));
  if (!answer.ok) console.log('not ready: ' + answer.status);
  process.exit(answer.ok ? 0 : 1);
}
if (BEHAVIOUR === 'crash') throw new Error('no key for the provider');
const server = http.createServer(async (request, reply) => {
  const status = (BEHAVIOUR === 'unready' && request.url === '/health/ready') || (BEHAVIOUR === 'chat' && request.url === '/api/chat') ? 503 : 200;
  if (BEHAVIOUR === 'slow' && request.url === '/api/chat') await new Promise(resolve => setTimeout(resolve, 1500));
  reply.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  reply.end(JSON.stringify(request.url === '/version' ? { version: VERSION, commit: 'c', buildTime: 't' } : { status: 'ok', reply: 'hi' }));
});
setTimeout(() => server.listen(Number(PORT)), BEHAVIOUR === 'late' ? 60_000 : 0);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
const service = {
  language: 'node',
  build: { main: 'server.mjs' },
  metrics: false,
  health: { live: '/health/live', ready: '/health/ready', command: ['node', '/server.mjs', 'health'] },
  timeouts: { request: '2s', llm: '1s', startup: '4s', drain: '3s', drainDelay: '0s' },
  env: { PORT: '${port}' },
};
const CREATE =
  'CREATE TABLE IF NOT EXISTS schema_migrations (version int); INSERT INTO schema_migrations VALUES (1)';
export const SMOKE = {
  name: 'chat',
  method: 'POST',
  path: '/api/chat',
  json: { a: 1 },
  expect: { status: 200 },
};

export interface ComposeShop {
  /** Of the project as Compose has it. */
  readonly name: string;
  readonly port: number;
  readonly state: string;
  /** Of its images, which no other file has. */
  readonly repository: string;
  readonly project: DeployProject;
  /** With other things in the service at the front, and another migration. */
  configOf(changes?: object, sql?: string): object;
  /** An image of that tag, with what is wrong with it, and the version that it tells. */
  image(tag: string, behaviour?: string, version?: string): Promise<void>;
  deploy(tag: string, ...more: string[]): Promise<Ended>;
  rollback(...more: string[]): Promise<Ended>;
  flags(): string[];
  version(): Promise<string>;
  /** Of the containers of these services. */
  ids(...services: string[]): Promise<string[]>;
  sql(statements: string): Promise<string>;
}

const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.splice(0)) await end();
});

interface Surroundings {
  /** Flags that say on which machine. */
  readonly where?: readonly string[];
  readonly env?: () => NodeJS.ProcessEnv;
  /** Where the record is to be; a folder of its own where undefined. */
  readonly state?: string;
}

export async function composeShop({
  where = [],
  env,
  state: given,
}: Surroundings = {}): Promise<ComposeShop> {
  await engine.up();
  for (const [key, value] of Object.entries(engine.env())) vi.stubEnv(key, value);
  const port = await freePort();
  const name = `deploy-${port}`;
  const repository = `deploy.local/${name}`;
  const state = given ?? (await project());
  vi.stubEnv('AIDEPLOY_STATE', state);
  vi.stubEnv('BACKUP_STATE', state);
  await mkdir(join(state, 'backups'));
  await docker(['tag', bases.postgres, 'postgres:15-bookworm']);
  const configOf = (changes: object = {}, sql = CREATE) => ({
    version: 1,
    name,
    image: { registry: 'deploy.local' },
    services: {
      front: {
        ...service,
        port,
        public: true,
        files: [{ path: '/prompt.txt', source: 'prompt.txt' }],
        secrets: ['TOKEN', { name: 'DATABASE_URL', from: 'database' }],
        dependsOn: ['db', 'chat'],
        smoke: [SMOKE],
        ...changes,
      },
      chat: { ...service, port: 3000, scale: { replicas: 2 } },
    },
    database: {
      version: '15',
      name: 'chat',
      user: 'chat_app',
      owner: 'chat_owner',
      migrations: {
        run: 'command',
        command: ['sh', '-c', `psql -Xqv ON_ERROR_STOP=1 "$DATABASE_OWNER_URL" -c '${sql}'`],
      },
      backup: { dir: join(state, 'backups') },
    },
    targets: { compose: {}, backup: {} },
    verify: { attempts: 2, interval: '500ms', timeout: '5s', samples: 20 },
    patches: [
      {
        file: 'compose.prod.yaml',
        set: Object.fromEntries(['front', 'chat'].flatMap(key => quick(key, repository))),
      },
      { file: 'compose.prod.yaml', set: { '/services/migrate/image': 'postgres:15-bookworm' } },
    ],
  });
  const shop = await deployProject('node', configOf(), env);
  await writeFile(join(shop.folder, '.env'), SETTINGS);
  await shop.change(configOf(), { 'prompt.txt': 'You are kind.\n' });
  const flags = () => [...where, '--url', `http://127.0.0.1:${port}`];
  const label = (key: string, value: string) => ['--filter', `label=com.docker.compose.${key}=${value}`];
  ended.push(async () => {
    await compose(['--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '1']);
    const left = (await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']))
      .split('\n')
      .filter(each => each.includes(`:aideploy-${name}`));
    if (left.length > 0) await docker(['image', 'rm', ...left]);
  });
  const ids = async (...services: string[]) => {
    const filters = services.flatMap(each => label('service', each));
    const all = await docker(['ps', '--quiet', '--no-trunc', ...label('project', name), ...filters]);
    return all.trim().split('\n').sort();
  };
  return {
    name,
    port,
    state,
    project: shop,
    repository,
    configOf,
    image: (tag, behaviour = '', version = tag) => image(`${repository}:${tag}`, behaviour, version),
    flags,
    ids,
    deploy: (tag, ...more) =>
      shop.ended('deploy', 'compose', ...flags(), '--tag', tag, '--migration', 'expand', ...more),
    rollback: (...more) => shop.ended('rollback', 'compose', ...flags(), '--yes', ...more),
    version: async () =>
      ((await (await fetch(`http://127.0.0.1:${port}/version`)).json()) as { version: string }).version,
    sql: async statements => {
      const [db = ''] = await ids('db');
      const psql = ['psql', '-XAtq', '-U', 'postgres', '-d', 'chat', '-c', statements];
      return (await docker(['exec', db, ...psql])).trim();
    },
  };
}

export const SETTINGS = `TOKEN=t
DATABASE_PASSWORD=app-4f2c
DATABASE_OWNER_PASSWORD=owner-9d1e
DATABASE_ADMIN_PASSWORD=admin-77aa
`;

/** Of the service's file in production: the image of the test, and a health that is known soon, however busy it is here. */
const quick = (key: string, repository: string): [string, unknown][] => [
  [`/services/${key}/image`, `${repository}:\${AIDEPLOY_TAG:?}`],
  [`/services/${key}/healthcheck/interval`, '1s'],
  [`/services/${key}/healthcheck/timeout`, '30s'],
  [`/services/${key}/healthcheck/retries`, 4],
  [`/services/${key}/healthcheck/start_period`, '3s'],
];

async function image(tag: string, behaviour: string, version: string): Promise<void> {
  const context = await project({
    Dockerfile: `FROM ${bases.node}\nENV VERSION=${version} BEHAVIOUR=${behaviour}\nCOPY server.mjs /server.mjs\nENTRYPOINT ["node", "/server.mjs"]\n`,
    'server.mjs': SERVER,
  });
  await buildImage({ context, tag });
}
