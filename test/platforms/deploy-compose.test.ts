/** `deploy compose` and `rollback` on a real engine: one service in two copies, one alone on its port, a database. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { project } from '../cli/run.ts';
import { type DeployProject, deployProject } from './deploy-project.ts';
import { bases, buildImage, compose, docker, engine, freePort } from './docker.ts';

/** As broken as its image says. */
const SERVER = `import http from 'node:http';
const { VERSION, BEHAVIOUR = '', PORT } = process.env;
const [verb] = process.argv.slice(2);
if (verb === 'health') {
  const answer = await fetch('http://127.0.0.1:' + PORT + '/health/ready').catch(error => ({ ok: false, status: error.message }));
  if (!answer.ok) console.log('not ready: ' + answer.status);
  process.exit(answer.ok ? 0 : 1);
}
if (BEHAVIOUR === 'crash') throw new Error('no key for the provider');
const server = http.createServer((request, reply) => {
  const status = (BEHAVIOUR === 'unready' && request.url === '/health/ready') || (BEHAVIOUR === 'chat' && request.url === '/api/chat') ? 503 : 200;
  reply.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  reply.end(JSON.stringify(request.url === '/version' ? { version: VERSION, commit: 'c', buildTime: 't' } : { status: 'ok', reply: 'hi' }));
});
server.listen(Number(PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
const REPOSITORY = 'deploy.local/shop';

let shop: DeployProject;
let name: string;
let port: number;
let state: string;
let settings: Record<string, string>;

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
      smoke: [{ name: 'chat', method: 'POST', path: '/api/chat', json: { a: 1 }, expect: { status: 200 } }],
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
      set: Object.fromEntries(
        ['front', 'chat'].flatMap(key => [
          [`/services/${key}/image`, `${REPOSITORY}:\${AIDEPLOY_TAG:?}`],
          [`/services/${key}/healthcheck/interval`, '1s'],
          [`/services/${key}/healthcheck/retries`, 2],
          [`/services/${key}/healthcheck/start_period`, '3s'],
        ]),
      ),
    },
    { file: 'compose.prod.yaml', set: { '/services/migrate/image': 'postgres:15-bookworm' } },
  ],
});

const image = async (tag: string, behaviour = '', version = tag) => {
  const context = await project({
    Dockerfile: `FROM ${bases.node}\nENV VERSION=${version} BEHAVIOUR=${behaviour}\nCOPY server.mjs /server.mjs\nENTRYPOINT ["node", "/server.mjs"]\n`,
    'server.mjs': SERVER,
  });
  await buildImage({ context, tag: `${REPOSITORY}:${tag}` });
};
const write = (changes: Record<string, string> = {}) =>
  writeFile(
    join(shop.folder, '.env'),
    Object.entries({ ...settings, ...changes })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
const flags = () => ['--url', `http://127.0.0.1:${port}`];
const deploy = (tag: string, ...more: string[]) =>
  shop.ended('deploy', 'compose', ...flags(), '--tag', tag, '--migration', 'expand', ...more);
const rollback = (...more: string[]) => shop.ended('rollback', 'compose', ...flags(), '--yes', ...more);
const version = async () =>
  ((await (await fetch(`http://127.0.0.1:${port}/version`)).json()) as { version: string }).version;
const ids = async (...services: string[]) => {
  const filters = services.flatMap(each => ['--filter', `label=com.docker.compose.service=${each}`]);
  const all = ['ps', '--quiet', '--no-trunc', '--filter', `label=com.docker.compose.project=${name}`];
  return (await docker([...all, ...filters])).trim().split('\n').sort();
};
const prompt = async () => docker(['exec', (await ids('front'))[0] ?? '', 'cat', '/prompt.txt']);

/** Asks the two copies by their name, as a proxy does: the next address where nobody listens any more. */
const CLIENT = `const http = require('node:http'), { resolve4 } = require('node:dns').promises;
let asked = 0, failed = [];
const get = address => new Promise((ok, no) => http.get({ host: address, port: 3000, path: '/version', agent: false, timeout: 5000 }, a => { a.resume(); a.once('end', () => a.statusCode === 200 ? ok() : no(Object.assign(new Error(String(a.statusCode)), { code: a.statusCode }))); a.once('error', no); }).once('error', no));
(async () => {
  process.on('SIGTERM', () => { console.log(JSON.stringify({ asked, failed })); process.exit(0); });
  for (;;) {
    asked++;
    const addresses = await resolve4('chat').catch(() => []);
    let last = 'no address';
    for (const address of addresses.sort(() => Math.random() - 0.5)) {
      last = await get(address).then(() => undefined, error => error.code ?? String(error));
      if (last !== 'ECONNREFUSED' && last !== 'EHOSTUNREACH') break;
    }
    if (last !== undefined) failed.push(last);
    await new Promise(ok => setTimeout(ok, 30));
  }
})();`;

async function underLoad<T>(
  work: () => Promise<T>,
): Promise<{ result: T; asked: number; failed: unknown[] }> {
  const flags = [
    '--rm',
    '--init',
    '--network',
    `${name}_default`,
    '--entrypoint',
    'node',
    '--name',
    `${name}-client`,
  ];
  const client = spawn('docker', ['run', ...flags, `${REPOSITORY}:v1`, '-e', CLIENT], {
    env: { ...process.env, ...engine.env() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  client.stdout.on('data', chunk => {
    told += String(chunk);
  });
  const closed = new Promise(resolve => client.once('close', resolve));
  const result = await work().finally(() => docker(['stop', `${name}-client`]));
  await closed;
  return { result, ...(JSON.parse(told) as { asked: number; failed: unknown[] }) };
}

beforeAll(async () => {
  await engine.up();
  for (const [key, value] of Object.entries(engine.env())) vi.stubEnv(key, value);
  port = await freePort();
  name = `deploy-${port}`;
  state = await project();
  vi.stubEnv('AIDEPLOY_STATE', state);
  vi.stubEnv('BACKUP_STATE', state);
  await mkdir(join(state, 'backups'));
  settings = {
    TOKEN: 't',
    DATABASE_PASSWORD: 'app-4f2c',
    DATABASE_OWNER_PASSWORD: 'owner-9d1e',
    DATABASE_ADMIN_PASSWORD: 'admin-77aa',
  };
  await docker(['tag', bases.postgres, 'postgres:15-bookworm']);
  shop = await deployProject('node', configOf());
  await write();
  await shop.change(configOf(), { 'prompt.txt': 'You are kind.\n' });
  await image('v1');
});
afterAll(async () => {
  await compose(['--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '1']);
  const left = (await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']))
    .split('\n')
    .filter(each => each.includes(`:aideploy-${name}`));
  if (left.length > 0) await docker(['image', 'rm', ...left]);
});

describe('a release', () => {
  it('is deployed, migrated, verified and recorded', async () => {
    const first = await deploy('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(await version()).toBe('v1');
    expect(await ids('chat')).toHaveLength(2);
    expect(await shop.releases('--platform', 'compose')).toMatchObject([
      { id: 'v1', status: 'verified', current: true },
    ]);
  });

  it('does nothing when there is nothing to do', async () => {
    const before = await ids();
    const again = await deploy('v1');
    expect(again, again.told).toMatchObject({ code: 0, release: 'v1' });
    expect(await ids()).toEqual(before);
  });

  it('gives way to the next and comes back: no request to the two copies fails, the database is left alone', async () => {
    const database = await ids('db');
    await shop.change(configOf({ env: { PORT: '${port}', LOG_LEVEL: 'debug' } }), {
      'prompt.txt': 'You are strict.\n',
    });
    await image('v2');
    const forth = await underLoad(() => deploy('v2'));
    expect(forth.result, forth.result.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect(forth.failed).toEqual([]);
    expect(forth.asked).toBeGreaterThan(20);
    expect(await version()).toBe('v2');
    expect(await prompt()).toBe('You are strict.\n');
    const back = await underLoad(() => rollback());
    expect(back.result, back.result.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(back.failed).toEqual([]);
    expect(await version()).toBe('v1');
    expect(await prompt()).toBe('You are kind.\n');
    expect(await ids('db')).toEqual(database);
    expect(await ids('chat')).toHaveLength(2);
  });

  it('keeps its images when others are pruned', async () => {
    await docker(['image', 'rm', `${REPOSITORY}:v2`]);
    await docker(['image', 'prune', '--force']);
    const there = await rollback('--to', 'v2');
    expect(there, there.told).toMatchObject({ code: 0 });
    expect(await version()).toBe('v2');
    expect(await rollback('--to', 'v1')).toMatchObject({ code: 0 });
  });
});

describe('a release that is broken', () => {
  it.each([
    ['crashes at its start', 'crash', /chat-\d+ end(?:s|ed) at its start.*no key for the provider/],
    ['is never ready', 'unready', /chat-\d+ is not healthy: not ready: 503/],
    ['fails its smoke test', 'chat', /smoke.*503/],
    ['is another version', 'other', /version.*v1/],
    ['fails to migrate', 'migration', /migrate ended with [13]: .*syntax error/],
  ])('because it %s: the former serves', async (_, behaviour, cause) => {
    const tag = `bad-${behaviour}`;
    await shop.change(configOf({}, behaviour === 'migration' ? 'CREATE NONSENSE' : CREATE));
    await image(tag, behaviour, behaviour === 'other' ? 'v1' : tag);
    const { result, failed } = await underLoad(() => deploy(tag));
    expect(result, result.told).toMatchObject({
      code: 1,
      outcome: 'rolled-back',
      cause: expect.stringMatching(cause),
    });
    expect(failed).toEqual([]);
    expect(await version()).toBe('v1');
  });

  it('lacks a setting, or its image: nothing is touched', async () => {
    const before = await ids();
    await shop.change(
      configOf({ secrets: ['TOKEN', 'NEW_KEY', { name: 'DATABASE_URL', from: 'database' }] }),
    );
    await image('v3');
    const without = await deploy('v3');
    expect(without, without.told).toMatchObject({
      code: 1,
      cause: expect.stringMatching(/NEW_KEY.*set it in \.env/),
    });
    const missing = await deploy('v9');
    expect(missing).toMatchObject({
      code: 3,
      told: expect.stringMatching(/image deploy\.local\/shop:v9 is missing/),
    });
    expect(await ids()).toEqual(before);
  });
});

describe('a run that is cut off', () => {
  const POINTS = process.env['AIDEPLOY_DEEP']
    ? [/\S/, /ok record/, /ok read/, /ok keep/, /ok point/, /ok switch db/, /asking every probe/].flatMap(
        when => [0, 300, 1_000, 3_000].map(after => [when, after] as const),
      )
    : ([
        [/ok point/, 0],
        [/ok switch db/, 1_500],
      ] as const);

  it('leaves a service that answers and a true record, and the next run finishes the work', async () => {
    await shop.change(configOf({ env: { PORT: '${port}', LOG_LEVEL: 'debug' } }));
    await image('v4');
    const table: string[] = [];
    for (const [when, after] of POINTS) {
      if ((await version()) !== 'v1') expect(await rollback('--to', 'v1')).toMatchObject({ code: 0 });
      const words = ['--tag', 'v4', '--migration', 'expand'];
      const cut = await shop.killed(when, after, 'deploy', 'compose', ...flags(), ...words);
      await vi.waitFor(async () => expect(await version()).toMatch(/^v[14]$/), {
        timeout: 30_000,
        interval: 500,
      });
      const again = await deploy('v4');
      const known = await shop.releases('--platform', 'compose');
      const good =
        again.code === 0 &&
        (await version()) === 'v4' &&
        (await ids('chat')).length === 2 &&
        known.find(({ current }) => current)?.id === 'v4';
      table.push(
        `deploy ${when} +${after} ms: ${cut ? 'killed' : 'had ended'}, ${good ? 'survived' : `lost: ${again.told}`}`,
      );
    }
    console.log(`faults tried ${table.length}\n${table.join('\n')}`);
    expect(table.filter(line => line.includes('lost'))).toEqual([]);
  });
});
