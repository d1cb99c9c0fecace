/**
 * systemd and nginx together, as clients meet them: a host that is set up from the rendered files alone, and an upgrade
 * that nobody who uses it notices. What each of the two promises by itself, its own tests prove.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { areApart, eventsOf, type ServerEvent, WebSocketClient } from '../services/clients.ts';
import { folder, until } from '../services/programs.ts';
import { textOf, Visitor } from '../targets/nginx/visitor.ts';
import { buildOf, change, type Host, startHost, temporaryFolder } from './host.ts';

const DOMAIN = 'chat.test';
const LIMIT = 10 * 2 ** 20;
const SECOND = 1_000;

const service = (port: number, more: object) => ({
  language: 'go',
  build: { main: './cmd/server' },
  port,
  metrics: {},
  health: { live: '/health/live', ready: '/health/ready', deep: '/health/deep' },
  timeouts: { request: '10s', startup: '15s', drainDelay: '0s' },
  env: {
    // Nobody gets past the proxy, also where no firewall is.
    HOST: '127.0.0.1',
    PORT: '${port}',
    METRICS_PORT: '${metrics.port}',
    SHUTDOWN_TIMEOUT: '${timeouts.drain}',
    MAX_REQUEST_SIZE: '${limits.body}',
  },
  ...more,
});

/** One kind of stream is a service's, so the sockets are another service of the same program. */
const CONFIGURATION = {
  version: 1,
  name: 'chat',
  domain: DOMAIN,
  services: {
    api: service(8080, {
      stream: { kind: 'sse', paths: ['/api/chat/stream'], maxDuration: '90s' },
      limits: { body: '10Mi' },
      public: true,
    }),
    sockets: service(8081, {
      stream: { kind: 'websocket', paths: ['/ws'], maxDuration: '90s' },
      public: '/ws',
    }),
  },
  targets: {
    systemd: { instances: 2 },
    nginx: { certificate: '/etc/ssl/${domain}/fullchain.pem', key: '/etc/ssl/${domain}/privkey.pem' },
  },
};

let host: Host;
let visitor: Visitor;
const on = (script: string) => `/srv/chat/deploy/${script} 2>&1`;
const deploy = (tag: string) => host.sh(on(`systemd/deploy.sh /srv/chat/build-${tag} ${tag}`));

beforeAll(async () => {
  host = await startHost('aideploy-through-nginx');
  const project = await temporaryFolder();
  cpSync(folder('go'), project, { recursive: true });
  writeFileSync(join(project, 'aideploy.yaml'), stringify(CONFIGURATION));
  const aideploy = fileURLToPath(new URL('../../bin/aideploy.js', import.meta.url));
  execFileSync(process.execPath, [aideploy, 'render', '--cwd', project], { stdio: 'pipe' });
  execFileSync('git', ['init', '--quiet'], { cwd: project });
  change(project, {});
  for (const tag of ['v1', 'v2']) await host.copy(buildOf(project, tag), `/srv/chat/build-${tag}`);
  await host.copy(join(project, 'deploy'), '/srv/chat/deploy');
  const ca = await certify();
  visitor = new Visitor(host.address, 443, DOMAIN, () => ca);
});

/** The domain's certificate where the configuration says; the answer is the authority's own. */
async function certify(): Promise<Buffer> {
  const dir = await temporaryFolder();
  const made = ['req', '-x509', '-days', '2', '-nodes', '-newkey', 'ec', '-pkeyopt'];
  const issue = (...flags: string[]) =>
    execFileSync('openssl', [...made, 'ec_paramgen_curve:prime256v1', ...flags], {
      cwd: dir,
      stdio: 'pipe',
    });
  issue('-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  const names = ['-subj', `/CN=${DOMAIN}`, '-addext', `subjectAltName=DNS:${DOMAIN}`];
  const leaf = [...names, '-addext', 'basicConstraints=critical,CA:FALSE'];
  issue('-CA', 'ca.pem', '-CAkey', 'ca.key', ...leaf, '-keyout', 'leaf.key', '-out', 'leaf.pem');
  const text = (name: string) => readFileSync(join(dir, name), 'utf8');
  await host.write({
    [`/etc/ssl/${DOMAIN}/fullchain.pem`]: text('leaf.pem') + text('ca.pem'),
    [`/etc/ssl/${DOMAIN}/privkey.pem`]: text('leaf.key'),
  });
  await host.sh(`chmod 600 /etc/ssl/${DOMAIN}/privkey.pem`);
  return readFileSync(join(dir, 'ca.pem'));
}

/** A stream of one event a second, as it arrives. */
async function listen(seconds: number): Promise<ServerEvent[]> {
  const answer = await visitor.open(`/api/chat/stream?q=hi&chunks=${seconds + 1}&delayMs=${SECOND}`);
  const body = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(new Response(body))) if (event.data) events.push(event);
  return events;
}

const socket = () => WebSocketClient.connect(`https://${host.address}/ws`, visitor.options('/ws'));

const version = async () => JSON.parse((await visitor.get('/version')).body).version as string;

/** A bounded load of both kinds of requests, until the work is done. */
async function under(work: () => Promise<unknown>): Promise<{ requests: number; failures: string[] }> {
  const load = { requests: 0, failures: [] as string[] };
  let done = false;
  const client = async (i: number) => {
    while (!done) {
      const signal = AbortSignal.timeout(60 * SECOND);
      const asked =
        i % 2
          ? visitor.get('/version', { signal })
          : visitor.post('/api/chat', '{"message": "hi"}', { signal });
      await asked.then(
        ({ status, body }) => status === 200 || load.failures.push(`${i}: ${status} ${body}`),
        error => load.failures.push(`${i}: ${error}`),
      );
      load.requests++;
      await sleep(40);
    }
  };
  const clients = Array.from({ length: 4 }, (_, i) => client(i));
  await work().finally(() => {
    done = true;
  });
  await Promise.all(clients);
  return load;
}

let streams: Promise<ServerEvent[][]>;
let open: WebSocketClient;

it('is installed from the rendered files alone, and answers over TLS', async () => {
  await host.sh(`${on('systemd/install.sh')}; ${on('systemd/deploy.sh /srv/chat/build-v1 v1')}`);
  await host.sh(on('nginx/install.sh'));
  expect((await visitor.get('/health/ready')).status).toBe(200);
  expect(await version()).toBe('v1');
  // One for each instance. They go on during all that follows, the upgrade too.
  streams = Promise.all([listen(65), listen(65)]);
  streams.catch(() => {}); // the test that awaits them hears of it
  open = await socket();
});

it('sends clear text to HTTPS', async () => {
  const ask = async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      request({ host: host.address, path: '/chat?q=1', headers: { host: DOMAIN } }, resolve)
        .once('error', reject)
        .end(),
    );
    await textOf(answer);
    return answer;
  };
  // Debian's own site had port 80 before, and workers of that time take requests until they are told to end.
  let answer: IncomingMessage | undefined;
  await until(async () => {
    answer = await ask();
    return answer.statusCode === 301;
  }, 'the redirect');
  expect(answer?.headers.location).toBe(`https://${DOMAIN}/chat?q=1`);
});

it('echoes over a WebSocket', async () => {
  for (const text of ['hello', 'again']) {
    open.send(text);
    expect((await open.next()).payload.toString()).toBe(text);
  }
});

it('takes a body of 10 MB, and none that is larger', async () => {
  const sized = (bytes: number) => '{"message": "hi"}'.padStart(bytes);
  const { status, body } = await visitor.post('/api/chat', sized(LIMIT));
  expect([status, JSON.parse(body)]).toMatchObject([200, { reply: expect.any(String) }]);
  const larger = await visitor.post('/api/chat', sized(LIMIT + 1));
  // In nginx's words: the service, which has the same limit, was not asked.
  expect([larger.status, JSON.parse(larger.body)]).toMatchObject([
    413,
    { error: 'the request body is too large' },
  ]);
});

it('keeps deep health, metrics and the programs’ own ports from the outside', async () => {
  for (const [path, within] of [
    ['/health/deep', '"llm"'],
    ['/metrics', 'ai_requests_total'],
  ] as const) {
    expect((await visitor.get(path)).status, path).toBe(404);
    expect(await host.sh(`curl -sf http://127.0.0.1:8080${path}`)).toContain(within);
  }
  for (const port of [8080, 8081, 18_080, 18_081])
    await expect(fetch(`http://${host.address}:${port}/version`), `${port}`).rejects.toThrow();
});

it('is upgraded under load: no request fails, and open streams finish, event by event', async () => {
  const out = 'grep -h " down;" /etc/nginx/sites-available/chat.conf || true';
  const { requests, failures } = await under(() =>
    Promise.all([
      deploy('v2'),
      // The first instance is held by its stream; it has left the proxy before it was told to stop.
      until(
        async () => (await host.sh(out)).trim() === 'server 127.0.0.1:8080 max_fails=0 down;',
        'the first instance to leave the proxy',
      ),
    ]),
  );
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(200);
  expect(await host.sh(out)).toBe('');
  expect(await Promise.all(Array.from({ length: 6 }, version))).toEqual(Array(6).fill('v2'));

  for (const events of await streams) {
    expect([events.length, events.at(-1)?.data]).toEqual([67, '[DONE]']);
    const times = events.slice(0, -1).map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(60 * SECOND);
    expect(areApart(times, SECOND)).toBe(true);
  }
  const log = await host.sh('grep \'"http_path":"/api/chat/stream"\' /var/log/nginx/chat.access.log');
  expect(log).toContain('"upstream":"127.0.0.1:8080"');
  expect(log).toContain('"upstream":"127.0.0.1:18080"');
});

it('has told an open socket that its instance goes away, and the next one is served', async () => {
  expect(await open.closeCode()).toBe(1001);
  open = await socket();
  open.send('hello');
  expect((await open.next()).payload.toString()).toBe('hello');
  open.end();
});

it('is rolled back under load, and no request fails', async () => {
  const { failures } = await under(() => host.sh(on('systemd/rollback.sh')));
  expect(failures).toEqual([]);
  expect(await Promise.all(Array.from({ length: 6 }, version))).toEqual(Array(6).fill('v1'));
});
