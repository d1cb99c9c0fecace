/** `deploy systemd`, `rollback` and `releases` over a real ssh, on a real host: forth, back, broken, killed. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drain, proxy, under } from './behind-nginx.ts';
import { type DeployProject, deployProject } from './deploy-project.ts';
import { buildAs, buildOf, type Host, startHost } from './host.ts';
import { openSsh } from './ssh.ts';

const api = {
  language: 'go',
  build: { main: './cmd/server' },
  port: 8080,
  metrics: { port: 9090 },
  health: { live: '/health/live', ready: '/health/ready' },
  timeouts: { request: '5s', llm: '4s', startup: '10s', drain: '6s', drainDelay: '0s' },
  resources: { cpu: { limit: 1 }, memory: { limit: '256Mi' } },
  env: { PORT: '${port}', METRICS_PORT: '${metrics.port}' },
  files: [{ path: '/etc/shop/prompt.txt', source: 'prompt.txt' }],
  secrets: ['LLM_API_KEY'],
  smoke: [
    { name: 'chat', method: 'POST', path: '/api/chat', json: { message: 'hi' }, expect: { status: 200 } },
  ],
};
const CONFIG = {
  version: 1,
  name: 'shop',
  services: { api },
  targets: { systemd: { instances: 2, keepReleases: 8 } },
  verify: { attempts: 2, interval: '500ms', timeout: '5s', samples: 20 },
};
const withEnv = (env: Record<string, string>) => ({
  ...CONFIG,
  services: { api: { ...api, env: { ...api.env, ...env } } },
});

const CHATLESS = withEnv({ FAIL_CHAT: '1' });
/** Three seconds of tokens, where one was promised. */
const SLOW = { name: 'slow', path: '/api/chat/stream?q=hi&chunks=30&delayMs=100', within: '1s' };

let host: Host;
let at: string;
let shop: DeployProject;
let url: string;
const flags = () => ['--host', at, '--url', url];
const deploy = (tag: string, ...more: string[]) =>
  shop.ended('deploy', 'systemd', ...flags(), '--tag', tag, '--build', `build-${tag}`, ...more);
const rollback = (...more: string[]) => shop.ended('rollback', 'systemd', ...flags(), '--yes', ...more);
const version = async (port = 8000) =>
  ((await (await fetch(`http://${host.address}:${port}/version`)).json()) as { version: string }).version;
const both = async () => [await version(8080), await version(18_080)];
/** What a release leaves on a host, but for the record itself. */
const traces = () =>
  host.sh(
    'readlink /opt/shop/current; cat /etc/shop/prompt.txt; cd /etc/systemd/system; ls -R shop* multi-user.target.wants; find shop* -type f -exec cat {} +',
  );

beforeAll(async () => {
  host = await startHost('aideploy-deploy');
  at = await openSsh(host);
  shop = await deployProject('go', CONFIG);
  await shop.change(CONFIG, { 'prompt.txt': 'You are kind.\n' });
  url = await proxy(host, 8000, [8080, 18_080]);
  await drain(host, '/etc/shop', 8000, [8080, 18_080]);
  for (const tag of ['v1', 'v2']) buildOf(shop.folder, tag);
});

describe('a host that was not prepared', () => {
  it('is named, with what to run, and left as it is', async () => {
    const { code, stderr } = await shop.run(
      'deploy',
      'systemd',
      ...flags(),
      '--tag',
      'v1',
      '--build',
      'build-v1',
    );
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/not prepared for shop.*deploy\/systemd\/install\.sh/),
    ]);
    expect((await host.try('test -e /opt/shop')).code).toBe(1);
    await host.copy(join(shop.folder, 'deploy'), '/srv/shop/deploy');
    await host.sh(
      `/srv/shop/deploy/systemd/install.sh; sed -i 's/^LLM_API_KEY=$/LLM_API_KEY=key/' /etc/shop/shop.env`,
    );
  });
});

describe('a release', () => {
  let before: string;

  it('is deployed, verified and recorded', async () => {
    const plan = await shop.run(
      'deploy',
      'systemd',
      ...flags(),
      '--tag',
      'v1',
      '--build',
      'build-v1',
      '--dry-run',
    );
    expect(plan.stdout + plan.stderr).toContain('--only switch');
    expect(await host.sh('ls -A /opt/shop/releases')).not.toContain('v1');
    const first = await deploy('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(await both()).toEqual(['v1', 'v1']);
    expect(await shop.releases('--host', at)).toMatchObject([
      { id: 'v1', status: 'verified', current: true },
    ]);
    before = await traces();
  });

  it('gives way to the next without a failed request, and comes back with all that it was', async () => {
    await shop.change(withEnv({ LOG_LEVEL: 'debug' }), { 'prompt.txt': 'You are strict.\n' });
    const { result, load } = await under(url, () => deploy('v2'));
    expect(result, result.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect(load.failures).toEqual([]);
    expect(await both()).toEqual(['v2', 'v2']);
    expect(await traces()).not.toBe(before);
    const returned = await under(url, () => rollback());
    expect(returned.result, returned.result.told).toMatchObject({
      code: 0,
      outcome: 'verified',
      release: 'v1',
    });
    expect(returned.load.failures).toEqual([]);
    expect(await traces()).toBe(before);
    expect(await rollback()).toMatchObject({ code: 2 });
  });

  it('by hand and by us are one record', async () => {
    await host.copy(join(shop.folder, 'build-v2'), '/srv/shop/build-v2');
    await host.copy(join(shop.folder, 'deploy'), '/srv/shop/deploy');
    await host.write({ '/srv/shop/prompt.txt': 'By hand.\n' });
    await host.sh('/srv/shop/deploy/systemd/deploy.sh /srv/shop/build-v2 v2 2>&1');
    expect(await shop.releases('--host', at)).toMatchObject([
      { id: 'v1', status: 'superseded' },
      { id: 'v2' },
      { id: 'v2+2', status: 'verified', current: true },
    ]);
    expect(await host.sh('/srv/shop/deploy/systemd/rollback.sh --list')).toMatch(/^v1 .*superseded/m);
    const returned = await rollback();
    expect(returned, returned.told).toMatchObject({ code: 0, release: 'v1' });
    const there = await rollback('--to', 'v2+2');
    expect(there, there.told).toMatchObject({ code: 0, release: 'v2+2' });
    await host.sh('/srv/shop/deploy/systemd/rollback.sh 2>&1');
    expect(await both()).toEqual(['v1', 'v1']);
  });
});

describe('a release that is broken', () => {
  interface Bad {
    readonly how: string;
    readonly config?: object;
    /** Of its build, where it has another. */
    readonly built?: string;
    readonly cause: RegExp;
  }
  const BAD: readonly Bad[] = [
    {
      how: 'crashes at its start',
      config: withEnv({ FAIL_START: '1' }),
      cause: /shop@1\.service ended at its start \(exit-code\); it said last: .*FAIL_START/,
    },
    {
      how: 'is never ready',
      config: withEnv({ NEVER_READY: '1' }),
      cause: /shop@1\.service is not ready after 10 s: .*\/health\/ready answers 503/,
    },
    {
      how: 'is too slow to start',
      config: withEnv({ SLOW_START: '60s' }),
      cause: /shop@1\.service is not ready after 10 s/,
    },
    { how: 'fails its smoke test', config: CHATLESS, cause: /smoke.*500/ },
    {
      how: 'answers too slowly',
      config: { ...CONFIG, services: { api: { ...api, smoke: [SLOW] } } },
      cause: /smoke\/slow: .*within 1000 ms/,
    },
    { how: 'is another version', built: 'v2', cause: /version.*v2/ },
    {
      how: 'lacks a setting',
      config: { ...CONFIG, services: { api: { ...api, secrets: ['LLM_API_KEY', 'NEW_KEY'] } } },
      cause: /\/etc\/shop\/shop\.env says nothing for NEW_KEY/,
    },
  ];

  it.each(BAD)(
    'because it $how: the former serves on, without a failed request',
    async ({ config, built, cause }) => {
      const before = await traces();
      const tag = `bad-${BAD.findIndex(each => each.cause === cause)}`;
      await shop.change(config ?? CONFIG);
      if (built === undefined) buildOf(shop.folder, tag);
      else buildAs(shop.folder, built, tag);
      const { result, load } = await under(url, () => deploy(tag));
      expect(result, result.told).toMatchObject({
        code: 1,
        outcome: 'rolled-back',
        cause: expect.stringMatching(cause),
      });
      // What is ready and answers wrongly is found out when it serves.
      expect(load.failures.filter(each => !(config === CHATLESS && each === '/api/chat: 500'))).toEqual([]);
      expect(await both()).toEqual(['v1', 'v1']);
      expect(await traces()).toBe(before);
      const known = await shop.releases('--host', at);
      expect(known.find(({ id }) => id === tag)).toMatchObject({ status: 'failed', current: false });
      expect(known.find(({ id }) => id === 'v1')).toMatchObject({ status: 'verified', current: true });
      rmSync(join(shop.folder, `build-${tag}`), { recursive: true });
    },
  );

  it('was never built: nothing is touched', async () => {
    await shop.change(CONFIG);
    expect(await deploy('v9')).toMatchObject({
      code: 3,
      told: expect.stringContaining('scripts/build.sh --tag v9'),
    });
  });
});

describe('two hosts', () => {
  let second: Host;
  let both: readonly string[];
  const on = async (which: Host) =>
    ((await (await fetch(`http://${which.address}:8080/version`)).json()) as { version: string }).version;
  const words = (verb: string, ...more: string[]) => [
    verb,
    'systemd',
    ...both.flatMap(each => ['--host', each]),
    '--url',
    url,
    ...more,
  ];
  const to = (tag: string) => shop.ended(...words('deploy', '--tag', tag, '--build', `build-${tag}`));

  beforeAll(async () => {
    second = await startHost('aideploy-deploy-2');
    both = [at, await openSsh(second)];
    await shop.change(CONFIG, { 'prompt.txt': 'You are kind.\n' });
  });

  it('are brought to a release one after the other, and back', async () => {
    expect(await to('v1')).toMatchObject({
      code: 3,
      told: expect.stringContaining(`${both[1]} is not prepared`),
    });
    await second.copy(join(shop.folder, 'deploy'), '/srv/shop/deploy');
    await second.sh(
      `/srv/shop/deploy/systemd/install.sh; sed -i 's/^LLM_API_KEY=$/LLM_API_KEY=key/' /etc/shop/shop.env`,
    );
    const first = await to('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect([await on(host), await on(second)]).toEqual(['v1', 'v1']);
    const next = await to('v2');
    expect(next, next.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect([await on(host), await on(second)]).toEqual(['v2', 'v2']);
    const back = await shop.ended(...words('rollback', '--yes'));
    expect(back, back.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect([await on(host), await on(second)]).toEqual(['v1', 'v1']);
    expect(await second.sh(`grep '"status"' /opt/shop/releases/${back.release}/release.json`)).toContain(
      'verified',
    );
  });
});
