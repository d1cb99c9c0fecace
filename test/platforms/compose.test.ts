import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aideploy, project, ROOT } from '../cli/run.ts';
import { SEED } from '../render/runs.ts';
import { freePort } from '../services/ports.ts';
import { bases, buildImage, compose, docker, engine } from './docker.ts';

/** Python as a third party's image: the engine itself has only what was built for it. */
const PYTHON = 'test/python:1';

beforeAll(async () => {
  await engine.up();
  const context = await project({ Dockerfile: `FROM ${bases.python}\n` });
  await buildImage({ context, tag: PYTHON });
});

const TAG = '1.0.0';
const PROD = ['-f', 'compose.prod.yaml'];

/** The Go server with PostgreSQL, a model provider beside it, and a third party's image with a volume. */
async function stack(port: number) {
  const folder = await project();
  for (const name of ['go-postgres', 'fake-llm'])
    await cp(join(ROOT, 'test/services', name), join(folder, name), { recursive: true });
  const config = {
    version: 1,
    name: `stack-${port}`,
    services: {
      api: {
        language: 'go',
        build: { context: 'go-postgres', main: './cmd/server' },
        port,
        health: { live: '/health/live', ready: '/health/ready', command: ['/server', 'health'] },
        stream: {
          kind: 'sse',
          paths: ['/api/chat/stream'],
          maxDuration: '20s',
          idle: '19s',
          firstEvent: '5s',
        },
        timeouts: { request: '10s', llm: '8s', drainDelay: '0s' },
        env: {
          PORT: '${port}',
          METRICS_PORT: '${port}',
          LLM_BASE_URL: '${services.llm.url}',
          OLLAMA_URL: '${services.ollama.url}',
          SHUTDOWN_TIMEOUT: '${timeouts.drain}',
        },
        secrets: ['API_KEY', { name: 'DATABASE_URL', from: 'database' }],
        dependsOn: ['db', 'llm', 'ollama'],
        public: true,
      },
      llm: {
        language: 'go',
        build: { context: 'fake-llm', main: '.' },
        port: port + 1,
        health: { live: '/health', ready: '/health' },
        env: { PORT: '${port}' },
      },
      ollama: {
        image: 'ollama/ollama:0.12.6',
        port: 11434,
        health: { live: '/', ready: '/api/tags', command: ['ollama', 'list'] },
        env: { OLLAMA_MODELS: '/models', HOME: '/models' },
        volumes: [{ name: 'models', path: '/models', size: '1Gi' }],
      },
    },
    database: {
      version: '15',
      name: 'chat',
      user: 'chat_app',
      owner: 'chat_owner',
      migrations: { run: 'command', command: ['/server', 'migrate'] },
    },
    targets: { docker: {}, compose: {} },
  };
  await writeFile(join(folder, 'aideploy.yaml'), stringify(config));
  const env = {
    AIDEPLOY_TAG: TAG,
    API_KEY: 'a$b\'c"d #e',
    DATABASE_PASSWORD: 'app-4f2c',
    DATABASE_OWNER_PASSWORD: 'owner-9d1e',
    DATABASE_ADMIN_PASSWORD: 'admin-77aa',
  };
  return { folder, name: config.name, env };
}

describe('a stack in production', () => {
  let folder: string;
  let name: string;
  let env: Record<string, string>;
  let port: number;
  const inspect = async (service: string) => {
    const id = (await compose([...PROD, 'ps', '--all', '--quiet', service], { cwd: folder, env })).trim();
    return JSON.parse(await docker(['inspect', id]))[0];
  };
  const psql = (role: string, password: string, sql: string) =>
    compose(
      [
        ...PROD,
        'exec',
        '-T',
        '-e',
        `PGPASSWORD=${password}`,
        'db',
        'psql',
        '-h',
        '127.0.0.1',
        '-U',
        role,
        '-d',
        'chat',
        '-Atc',
        sql,
      ],
      { cwd: folder, env },
    );

  beforeAll(async () => {
    port = await freePort();
    ({ folder, name, env } = await stack(port));
    const rendered = await aideploy(['render'], { cwd: folder });
    expect(rendered.code, rendered.stderr).toBe(0);
    await docker(['tag', bases.postgres, 'postgres:15-bookworm']);
    await docker(['tag', bases.ollama, 'ollama/ollama:0.12.6']);
    for (const service of ['api', 'llm'])
      await buildImage({
        context: join(folder, service === 'api' ? 'go-postgres' : 'fake-llm'),
        dockerfile: join(folder, `docker/${service}.Dockerfile`),
        tag: `${name}-${service}:${TAG}`,
        args: { BUILD_IMAGE: bases.golang },
      });
    await compose([...PROD, 'up', '--detach', '--wait', '--wait-timeout', '120', '--pull', 'never'], {
      cwd: folder,
      env,
    });
  });

  it('is migrated, healthy, and answers on loopback', async () => {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(ready.status).toBe(200);
    const chat = await fetch(`http://127.0.0.1:${port}/api/chat`, {
      method: 'POST',
      body: JSON.stringify({ message: 'Hello' }),
    });
    expect(chat.status).toBe(200);
    const agents = await fetch(`http://127.0.0.1:${port}/api/agents`);
    expect(await agents.json()).toEqual([]);
    expect((await inspect('api')).State.Health.Status).toBe('healthy');
  });

  it('publishes the service on loopback and nothing else at all', async () => {
    const listed = JSON.parse(
      `[${(await compose([...PROD, 'ps', '--format', 'json'], { cwd: folder, env })).trim().split('\n').join(',')}]`,
    );
    const published = listed.flatMap((container: { Publishers: { URL: string; PublishedPort: number }[] }) =>
      (container.Publishers ?? [])
        .filter(publisher => publisher.PublishedPort > 0)
        .map(publisher => `${publisher.URL}:${publisher.PublishedPort}`),
    );
    expect(published).toEqual([`127.0.0.1:${port}`]);
  });

  it.each(['api', 'llm', 'ollama', 'db'])('%s runs unprivileged, read-only and limited', async service => {
    const { HostConfig, Config } = await inspect(service);
    expect(HostConfig.ReadonlyRootfs).toBe(true);
    expect(HostConfig.CapDrop).toEqual(['ALL']);
    expect(HostConfig.CapAdd ?? []).toEqual([]);
    expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true');
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('gives each role what it needs and no more', async () => {
    await psql('chat_app', 'app-4f2c', 'SELECT count(*) FROM agents');
    await expect(psql('chat_app', 'app-4f2c', 'CREATE TABLE mine (id int)')).rejects.toThrow(
      /permission denied for schema public/,
    );
    await expect(psql('chat_app', 'app-4f2c', 'DROP TABLE agents')).rejects.toThrow(/must be owner/);
    await psql('chat_owner', 'owner-9d1e', 'CREATE TABLE later (id serial primary key)');
    await psql('chat_app', 'app-4f2c', 'INSERT INTO later DEFAULT VALUES; DELETE FROM later');
    expect(
      (
        await psql(
          'chat_owner',
          'owner-9d1e',
          "SELECT rolsuper FROM pg_roles WHERE rolname IN (current_user, 'chat_app')",
        )
      )
        .trim()
        .split('\n'),
    ).toEqual(['f', 'f']);
  });

  it('passes a secret byte for byte, and shows it in no file', async () => {
    const environment: string[] = (await inspect('api')).Config.Env;
    expect(environment).toContain(`API_KEY=${env['API_KEY']}`);
    for (const file of ['compose.yaml', 'compose.prod.yaml'])
      expect(await readFile(join(folder, file), 'utf8')).not.toContain(env['API_KEY']);
  });

  it('lets an open stream finish when it is stopped, within the budget', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/api/chat/stream`, {
      method: 'POST',
      body: JSON.stringify({ message: 'Hi', chunks: 20, delayMs: 200 }),
    });
    const body = response.text();
    const started = performance.now();
    await compose([...PROD, 'stop', 'api'], { cwd: folder, env });
    expect(await body).toMatch(/data: \[DONE\]\s*$/);
    expect(performance.now() - started).toBeLessThan(25_000);
    expect((await inspect('api')).State.ExitCode).toBe(0);
  });
});

describe('copies of one service', () => {
  it('share no port of the host', async () => {
    const folder = await project({
      'aideploy.yaml': stringify({
        version: 1,
        name: 'copies',
        services: {
          web: {
            image: bases.ollama,
            port: 11434,
            health: { live: '/', ready: '/', command: ['ollama', 'list'] },
            env: { HOME: '/tmp' },
            scale: { replicas: 2 },
          },
          front: { language: 'go', port: 8080, health: { live: '/', ready: '/' }, scale: { replicas: 3 } },
        },
      }),
    });
    expect((await aideploy(['render', 'compose'], { cwd: folder })).code).toBe(0);
    const config = JSON.parse(
      await compose([...PROD, 'config', '--format', 'json'], { cwd: folder, env: { AIDEPLOY_TAG: TAG } }),
    );
    expect(config.services.front.ports).toEqual([
      { mode: 'ingress', host_ip: '127.0.0.1', target: 8080, protocol: 'tcp' },
    ]);
    await compose([...PROD, 'up', '--detach', '--wait', '--pull', 'never', 'web'], {
      cwd: folder,
      env: { AIDEPLOY_TAG: TAG },
    });
    const running = await compose([...PROD, 'ps', '--quiet', 'web'], {
      cwd: folder,
      env: { AIDEPLOY_TAG: TAG },
    });
    expect(running.trim().split('\n')).toHaveLength(2);
  });
});

describe('secrets as files', () => {
  it('are mounted for the services that name them', async () => {
    const folder = await project({
      'secrets/API_KEY': 'k3y with spaces\n',
      'aideploy.yaml': stringify({
        version: 1,
        name: 'files',
        services: {
          show: {
            image: PYTHON,
            kind: 'job',
            command: ['python', '-c', 'import os;print(open(os.environ["API_KEY_FILE"]).read(), end="")'],
            secrets: ['API_KEY'],
          },
        },
        targets: { compose: { secrets: 'files' } },
      }),
    });
    expect((await aideploy(['render'], { cwd: folder })).code).toBe(0);
    const shown = await compose([...PROD, 'run', '--rm', '--pull', 'never', '-T', 'show'], { cwd: folder });
    expect(shown).toBe('k3y with spaces\n');
  });
});

/** What a container sees of arbitrary values: all of it, byte for byte, or a refusal with its reason. */
describe('arbitrary values', () => {
  const rounds = process.env['AIDEPLOY_DEEP'] ? 10 : 1;
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(
        '$',
        '{',
        '}',
        '"',
        "'",
        '\\',
        '#',
        '%',
        ' ',
        '\n',
        '\t',
        ':',
        '-',
        '`',
        '!',
        'a',
        'é',
        '\u2028',
      ),
      maxLength: 24,
    }),
    fc.constantFrom(
      'yes',
      'null',
      '~',
      '0x1F',
      '1e3',
      '010',
      '- a',
      'a: b',
      '$HOME',
      '${HOME}',
      '$${HOME}',
      '{{x}}',
      '',
      ' ',
      '\\n',
      '%n',
    ),
  );

  it(`reach the program as they are (seed ${SEED})`, async () => {
    for (let round = 0; round < rounds; round++) {
      const drawn = fc
        .sample(value, { seed: SEED + round, numRuns: 150 })
        .map(text => text.replaceAll('\0', ''));
      // Text in aideploy.yaml is a reference language of its own; `$${` is its literal `${`.
      const written = drawn.map(text => text.replaceAll('${', () => '$${'));
      const environment = Object.fromEntries(written.slice(0, 100).map((text, i) => [`V_${i}`, text]));
      const args = written.slice(100).filter(text => text !== '');
      const show = 'import json,os,sys;json.dump([dict(os.environ),sys.argv[1:]],sys.stdout)';
      const folder = await project({
        'aideploy.yaml': stringify({
          version: 1,
          name: 'values',
          services: {
            show: {
              image: PYTHON,
              kind: 'job',
              command: ['python', '-c', show],
              args,
              env: environment,
            },
          },
          targets: { compose: {} },
        }),
      });
      await mkdir(join(folder, 'out'), { recursive: true });
      const rendered = await aideploy(['render'], { cwd: folder });
      expect(rendered.code, rendered.stderr).toBe(0);
      const [seen, words] = JSON.parse(
        await compose([...PROD, 'run', '--rm', '--pull', 'never', '-T', 'show'], { cwd: folder }),
      );
      for (const [i, text] of drawn.slice(0, 100).entries()) expect(seen[`V_${i}`], `value ${i}`).toBe(text);
      expect(words).toEqual(drawn.slice(100).filter(text => text !== ''));
    }
  });
});
