/** `verify --platform compose` on a real engine: a service and its database, good, and broken one way after the other. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { aideploy, project } from '../cli/run.ts';
import { freePort } from '../services/ports.ts';
import { look, told } from '../verify/look.ts';
import { bases, buildImage, compose, docker, engine } from './docker.ts';

/** Serves until it is told otherwise: a program is only as broken as BEHAVIOUR says. */
const SERVER = `#!/usr/bin/env python3
import http.server, os, signal, sys
behaviour = os.environ.get('BEHAVIOUR', '')
if 'migrate' in sys.argv: sys.exit(0)
if 'health' in sys.argv: sys.exit('the model is not loaded' if behaviour == 'unhealthy' else 0)
if behaviour == 'crash': sys.exit('no key for the provider')
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()
`;
const REPOSITORY = 'verify.local/shop';
const PROD = ['-f', 'compose.prod.yaml'];
const PROBES = [
  'compose-services',
  'compose-images',
  'compose-drift',
  'database-connection',
  'database-migrations',
  'database-privileges',
];

let folder: string;
let config: object;
let name: string;
const settings = {
  AIDEPLOY_TAG: '1.0.0',
  BEHAVIOUR: 'ok',
  DATABASE_PASSWORD: 'app-4f2c',
  DATABASE_OWNER_PASSWORD: 'owner-9d1e',
  DATABASE_ADMIN_PASSWORD: 'admin-77aa',
};

const write = (changes: Partial<typeof settings> = {}) =>
  writeFile(
    join(folder, '.env'),
    Object.entries({ ...settings, ...changes })
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
const up = (...services: string[]) =>
  compose([...PROD, 'up', '--detach', '--no-deps', '--pull', 'never', ...services], { cwd: folder });
const sql = (statements: string, role = 'postgres') =>
  compose([...PROD, 'exec', '-T', 'db', 'psql', '-XAtq', '-U', role, '-d', 'chat', '-c', statements], {
    cwd: folder,
  });
const ask = async (only: readonly string[], expectVersion?: string) =>
  told(await look({ config, root: folder, only, flags: { platform: 'compose', expectVersion, env: {} } }));
const container = async () =>
  (await compose([...PROD, 'ps', '--all', '--quiet', 'api'], { cwd: folder })).trim();
const image = async (tag: string, label: string) => {
  const context = await project({
    Dockerfile: `FROM ${bases.python}\nLABEL build=${label}\nCOPY --chmod=755 server /server\nENTRYPOINT ["/server"]\n`,
    server: SERVER,
  });
  await buildImage({ context, tag: `${REPOSITORY}:${tag}` });
};

beforeAll(async () => {
  await engine.up();
  for (const [key, value] of Object.entries(engine.env())) vi.stubEnv(key, value);
  const port = await freePort();
  name = `verify-${port}`;
  config = {
    version: 1,
    name,
    image: { registry: 'verify.local' },
    services: {
      api: {
        language: 'go',
        port,
        health: { live: '/live', ready: '/ready', command: ['/server', 'health'] },
        timeouts: { request: '2s', llm: '1s', startup: '2s', drain: '3s', drainDelay: '0s' },
        env: { PORT: '${port}' },
        secrets: ['BEHAVIOUR', { name: 'DATABASE_URL', from: 'database' }],
        dependsOn: ['db'],
      },
    },
    database: {
      version: '15',
      name: 'chat',
      user: 'chat_app',
      owner: 'chat_owner',
      migrations: { run: 'command', command: ['/server', 'migrate'], files: 'migrations' },
    },
    targets: { compose: {} },
    patches: [
      {
        file: 'compose.prod.yaml',
        set: {
          '/services/api/healthcheck/interval': '1s',
          '/services/api/healthcheck/timeout': '30s',
          '/services/api/healthcheck/retries': 2,
          '/services/api/healthcheck/start_period': '1s',
          '/services/api/image': `${REPOSITORY}:\${AIDEPLOY_TAG:?}`,
          '/services/migrate/image': `${REPOSITORY}:\${AIDEPLOY_TAG:?}`,
        },
      },
    ],
  };
  folder = await project({
    'aideploy.yaml': stringify(config),
    'migrations/0001_notes.sql': '',
    'migrations/0002_more.sql': '',
  });
  const rendered = await aideploy(['render'], { cwd: folder });
  expect(rendered.code, rendered.stderr).toBe(0);
  await write();
  await image('1.0.0', 'one');
  await docker(['tag', bases.postgres, 'postgres:15-bookworm']);
  await compose([...PROD, 'up', '--detach', '--wait', '--wait-timeout', '120', '--pull', 'never'], {
    cwd: folder,
  });
  await sql(
    "SET ROLE chat_owner; CREATE TABLE schema_migrations (name text); INSERT INTO schema_migrations VALUES ('0001_notes'), ('0002_more')",
  );
});

const GOOD = {
  'compose-services/api': 'pass',
  'compose-services/db': 'pass',
  'compose-services/migrate': 'pass',
  'compose-images/api': 'pass',
  'compose-images/db': 'pass',
  'compose-images/migrate': 'pass',
  'compose-drift': 'pass',
  'database-connection': 'pass',
  'database-migrations': 'pass',
  'database-privileges': 'pass',
};

describe('a project that is as it was rendered', () => {
  it('passes every probe, the database with the login of the containers', async () => {
    expect(await ask(PROBES, '1.0.0')).toEqual(GOOD);
  });

  it('looks at the machine below it too', async () => {
    expect(await ask(['host-disk', 'host-memory'])).toEqual({ 'host-disk': 'pass', 'host-memory': 'pass' });
  });
});

describe('a project that is broken', () => {
  let mend: () => Promise<unknown> = async () => undefined;
  afterEach(async () => {
    await mend();
    await write();
    await compose(
      [...PROD, 'up', '--detach', '--force-recreate', '--no-deps', '--wait', '--pull', 'never', 'api'],
      { cwd: folder },
    );
  });

  interface Break {
    readonly how: string;
    readonly by: () => Promise<unknown>;
    readonly mended?: () => Promise<unknown>;
    readonly probe: string;
    readonly version?: string;
    readonly seen: Readonly<Record<string, RegExp>>;
  }
  const file = () => join(folder, 'compose.prod.yaml');
  const behaving = (BEHAVIOUR: string) => async () => {
    await write({ BEHAVIOUR });
    await up('api');
  };
  const BREAKS: readonly Break[] = [
    {
      how: 'a crash loop',
      by: behaving('crash'),
      probe: 'compose-services',
      seen: {
        'compose-services/api':
          /^fail: .*api.* ends with 1 and is restarted again and again; it said last: no key for the provider/,
      },
    },
    {
      how: 'a failing health check',
      by: behaving('unhealthy'),
      probe: 'compose-services',
      seen: { 'compose-services/api': /^fail: .*is unhealthy: the model is not loaded/ },
    },
    {
      how: 'a container that was stopped',
      by: async () => docker(['stop', '--time', '1', await container()]),
      probe: 'compose-services',
      seen: { 'compose-services/api': /^fail: .*is exited/ },
    },
    {
      how: 'a container that is gone',
      by: async () => docker(['rm', '--force', await container()]),
      probe: 'compose-services',
      seen: { 'compose-services/api': /^fail: 0 containers of api/ },
    },
    {
      how: 'a program that was killed and came back',
      by: async () =>
        process.kill(
          Number(await docker(['inspect', '--format', '{{.State.Pid}}', await container()])),
          'SIGKILL',
        ),
      probe: 'compose-services',
      seen: { 'compose-services/api': /^fail: .*(?:was restarted 1 times|is restarted again and again)/ },
    },
    {
      how: 'an old version that was left',
      by: async () => undefined,
      probe: 'compose-images',
      version: '2.0.0',
      seen: { 'compose-images/api': /^fail: .* runs verify\.local\/shop:1\.0\.0$/ },
    },
    {
      how: 'a tag that was pushed again',
      by: () => image('1.0.0', 'two'),
      probe: 'compose-images',
      seen: {
        'compose-images/api':
          /^fail: .*runs sha256:[0-9a-f]{12}, while verify\.local\/shop:1\.0\.0 is sha256:[0-9a-f]{12} by now/,
      },
    },
    {
      how: 'settings that were changed and not applied',
      by: () => write({ BEHAVIOUR: 'other' }),
      probe: 'compose-drift',
      seen: { 'compose-drift': /^fail: verify-\d+-api-1 were made from something else/ },
    },
    {
      how: 'a compose file that was edited',
      by: async () =>
        writeFile(
          file(),
          (await readFile(file(), 'utf8')).replace('restart: unless-stopped', 'restart: always'),
        ),
      mended: () => aideploy(['render', '--force'], { cwd: folder }),
      probe: 'compose-drift',
      seen: { 'compose-drift': /^fail: .*compose\.prod\.yaml is not what is rendered/ },
    },
    {
      how: 'a wrong secret',
      by: () => sql("ALTER ROLE chat_app PASSWORD 'another'"),
      mended: () => sql(`ALTER ROLE chat_app PASSWORD '${settings.DATABASE_PASSWORD}'`),
      probe: 'database-connection',
      seen: { 'database-connection': /^fail: chat_app@[\d.]+:5432\/chat: password authentication failed/ },
    },
    {
      how: 'a migration that is missing',
      by: () => sql("DELETE FROM schema_migrations WHERE name = '0002_more'", 'chat_owner'),
      mended: () => sql("INSERT INTO schema_migrations VALUES ('0002_more')", 'chat_owner'),
      probe: 'database-migrations',
      seen: { 'database-migrations': /^fail: .*not applied: 0002_more/ },
    },
  ];

  it.each(BREAKS)('$how', async ({ by, mended, probe, version, seen }) => {
    mend = mended ?? (async () => undefined);
    await by();
    const wanted = Object.fromEntries(
      Object.entries(seen).map(([id, pattern]) => [id, expect.stringMatching(pattern)]),
    );
    await vi.waitFor(async () => expect(await ask([probe], version)).toMatchObject(wanted), {
      timeout: 60_000,
      interval: 500,
    });
  });
});

describe('an engine that is not there', () => {
  it('is an error of the observer', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    const results = await ask(['compose-services', 'compose-drift', 'database-connection']);
    for (const [key, value] of Object.entries(engine.env())) vi.stubEnv(key, value);
    expect(Object.values(results)).toEqual(
      Array.from({ length: 5 }, () =>
        expect.stringMatching(/^error: docker on this machine: .*docker\.sock/),
      ),
    );
  });
});
