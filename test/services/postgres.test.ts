// The Go server on PostgreSQL, and the agent that reports to it. Needs PostgreSQL; without one it says so and skips.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { status } from './clients.ts';
import { freePort } from './ports.ts';
import { createPostgres, missingPostgres, type Postgres } from './postgres.ts';
import { buildGo, cleanUp, type Program, run, start, until } from './programs.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/services/postgres.test.ts is skipped: ${missing}`);

describe.skipIf(missing !== undefined)('the Go server on PostgreSQL', () => {
  let bin: string;
  let postgres: Postgres;

  beforeAll(async () => {
    [bin, postgres] = await Promise.all([buildGo('go-postgres', '1.2.3'), createPostgres()]);
    await postgres.start();
    // One role owns the tables, another may only use them.
    await postgres.sql('CREATE ROLE agents_owner LOGIN; CREATE ROLE agents_app LOGIN');
  }, 300_000);

  afterAll(async () => {
    await postgres?.stop();
    await cleanUp();
  });

  async function createDatabase(name: string): Promise<Record<string, string>> {
    await postgres.sql(`CREATE DATABASE ${name} OWNER agents_owner`);
    await postgres.sql(
      'ALTER DEFAULT PRIVILEGES FOR ROLE agents_owner GRANT SELECT, INSERT, UPDATE ON TABLES TO agents_app',
      name,
    );
    return {
      DATABASE_URL: postgres.url('agents_app', name),
      DATABASE_OWNER_URL: postgres.url('agents_owner', name),
    };
  }

  async function serve(env: Record<string, string>): Promise<{ url: string; server: Program }> {
    const port = String(await freePort());
    const server = start([join(bin, 'server')], {
      env: { HOST: '127.0.0.1', PORT: port, SHUTDOWN_TIMEOUT: '2s', ...env },
    });
    const url = `http://127.0.0.1:${port}`;
    await until(async () => (await status(`${url}/health/live`)) === 200, 'the server');
    return { url, server };
  }

  const json = async <T>(url: string): Promise<T> => (await fetch(url)).json() as T;
  const migrate = (env: Record<string, string>) => run([join(bin, 'server'), 'migrate'], { env });
  const applied = (database: string) =>
    postgres.sql('SELECT name FROM schema_migrations ORDER BY name', database);

  it('is alive but unready until its schema is there', async () => {
    const env = await createDatabase('unready');
    const { url } = await serve(env);
    expect(await status(`${url}/healthz`)).toBe(200);
    expect(await status(`${url}/health/startup`)).toBe(200);
    expect(await status(`${url}/health/ready`)).toBe(503);
    await migrate(env);
    expect(await json(`${url}/health/ready`)).toMatchObject({ status: 'ready', version: '1.2.3' });
  });

  it('migrates as the owner, once', async () => {
    const env = await createDatabase('migrated');
    expect(await migrate(env)).toContain('migration applied');
    expect(await migrate(env)).not.toContain('migration applied');
    expect(await applied('migrated')).toBe('0001_agents\n0002_agents_last_seen');
    const owner = await postgres.sql(
      "SELECT tableowner FROM pg_tables WHERE tablename = 'agents'",
      'migrated',
    );
    expect(owner).toBe('agents_owner');
  });

  it('cannot migrate with the role that serves', async () => {
    const { DATABASE_URL = '' } = await createDatabase('restricted');
    await expect(migrate({ DATABASE_URL, DATABASE_OWNER_URL: DATABASE_URL })).rejects.toThrow(
      'permission denied',
    );
  });

  it('migrates on start, also when two start at once', async () => {
    const env = { ...(await createDatabase('started')), MIGRATE_ON_START: 'true' };
    const [one, two] = await Promise.all([serve(env), serve(env)]);
    for (const { url } of [one, two]) expect(await status(`${url}/health/ready`)).toBe(200);
    expect(await applied('started')).toBe('0001_agents\n0002_agents_last_seen');
  });

  it('does not start when it is to migrate and cannot', async () => {
    const nowhere = `postgres://agents_owner@127.0.0.1:${await freePort()}/none?sslmode=disable`;
    const env = { DATABASE_URL: nowhere, DATABASE_OWNER_URL: nowhere, MIGRATE_ON_START: 'true' };
    expect(await start([join(bin, 'server')], { env }).exit).toBe(1);
  });

  describe('with agents', () => {
    let url: string;
    let server: Program;
    beforeAll(async () => {
      const env = await createDatabase('agents');
      await migrate(env);
      ({ url, server } = await serve({ ...env, OFFLINE_TIMEOUT_SECONDS: '4' }));
    });
    const beat = (body: unknown) =>
      fetch(`${url}/api/agents/heartbeat`, { method: 'POST', body: JSON.stringify(body) });

    it('starts with an empty list', async () => {
      expect(await json(`${url}/api/agents`)).toEqual([]);
      expect(await (await fetch(`${url}/agents`)).text()).toContain('No agent has reported yet');
    });

    it('hears an agent, until it stops', async () => {
      const env = { SERVER_URL: url, AGENT_ID: 'agent-7', HEARTBEAT_INTERVAL: '200ms' };
      const agent = start([join(bin, 'agent')], { env });
      await until(() => server.output().includes('Heartbeat received from agent-7'), 'a heartbeat');
      await expect
        .poll(() => json(`${url}/api/agents`), { timeout: 30_000 })
        .toMatchObject([{ id: 'agent-7', status: 'online', details: { cpus: expect.any(Number) } }]);
      const page = await fetch(`${url}/agents`);
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(await page.text()).toContain('agent-7');

      agent.signal('SIGTERM');
      expect(await agent.exit).toBe(0);
      await until(
        async () => (await json<[{ status: string }]>(`${url}/api/agents`))[0].status === 'offline',
        'the agent to be missed',
      );
    });

    it.each([
      ['nothing', {}],
      ['no host', { id: 'a' }],
      ['no JSON object', 'text'],
    ])('refuses a heartbeat with %s', async (_, body) => {
      expect((await beat(body)).status).toBe(400);
    });

    it('writes what an agent says into the page as text', async () => {
      await beat({ id: '<b>x</b>', hostname: 'h' });
      expect(await (await fetch(`${url}/agents`)).text()).toContain('&lt;b&gt;x&lt;/b&gt;');
    });

    it('serves metrics beside the API, and the chat', async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(/ai_requests_total\{endpoint="\/api\/agents\/heartbeat",status="200"\} [1-9]/);
      const chat = await fetch(`${url}/api/chat`, { method: 'POST', body: '{"message": "hi"}' });
      expect(await chat.json()).toMatchObject({ reply: 'Echo: hi' });
    });

    it('is unready while the database is away, and ready again after', async () => {
      expect(await json(`${url}/health/deep`)).toMatchObject({
        checks: { database: { status: 'healthy', latency: expect.any(String) } },
      });
      await postgres.stop();
      expect(await status(`${url}/health/ready`)).toBe(503);
      expect(await status(`${url}/health/deep`)).toBe(503);
      expect(await status(`${url}/api/agents`)).toBe(503);
      expect(await status(`${url}/health/live`)).toBe(200);
      await postgres.start();
      await until(async () => (await status(`${url}/health/ready`)) === 200, 'readiness');
    });

    it('drains', async () => {
      server.signal('SIGTERM');
      expect(await server.exit).toBe(0);
    });
  });
});
