/** `deploy compose` and `rollback` on a real engine: one service in two copies, one alone on its port, a database. */
import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ComposeShop, composeShop, SMOKE } from './compose-shop.ts';
import { docker, engine } from './docker.ts';

let shop: ComposeShop;
const prompt = async () => docker(['exec', (await shop.ids('front'))[0] ?? '', 'cat', '/prompt.txt']);

/**
 * Asks the two copies by their name, as a proxy does: the next address where nobody listens any more, or where nobody had
 * accepted yet when the listening ended, which resets. An answer that was begun and is cut is no such thing.
 */
const CLIENT = `const http = require('node:http'), { resolve4 } = require('node:dns').promises;
let asked = 0, failed = [];
const get = address => new Promise((ok, no) => http.get({ host: address, port: 3000, path: '/version', agent: false, timeout: 5000 }, a => { a.resume(); a.once('end', () => a.statusCode === 200 ? ok() : no(Object.assign(new Error(String(a.statusCode)), { code: a.statusCode }))); a.once('error', () => no(Object.assign(new Error('cut'), { code: 'cut' }))); }).once('error', no));
(async () => {
  process.on('SIGTERM', () => { console.log(JSON.stringify({ asked, failed })); process.exit(0); });
  for (;;) {
    asked++;
    const addresses = await resolve4('chat').catch(() => []);
    let last = 'no address';
    for (const address of addresses.sort(() => Math.random() - 0.5)) {
      last = await get(address).then(() => undefined, error => error.code ?? String(error));
      if (!['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH'].includes(last)) break;
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
    `${shop.name}_default`,
    '--entrypoint',
    'node',
    '--name',
    `${shop.name}-client`,
  ];
  const client = spawn('docker', ['run', ...flags, `${shop.repository}:v1`, '-e', CLIENT], {
    env: { ...process.env, ...engine.env() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  client.stdout.on('data', chunk => {
    told += String(chunk);
  });
  const closed = new Promise(resolve => client.once('close', resolve));
  const result = await work().finally(() => docker(['stop', `${shop.name}-client`]));
  await closed;
  return { result, ...(JSON.parse(told) as { asked: number; failed: unknown[] }) };
}

beforeAll(async () => {
  shop = await composeShop();
  await shop.image('v1');
});

describe('a release', () => {
  it('is deployed, migrated, verified and recorded', async () => {
    const first = await shop.deploy('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(await shop.version()).toBe('v1');
    expect(await shop.ids('chat')).toHaveLength(2);
    expect(await shop.project.releases('--platform', 'compose')).toMatchObject([
      { id: 'v1', status: 'verified', current: true },
    ]);
  });

  it('does nothing when there is nothing to do', async () => {
    const before = await shop.ids();
    const again = await shop.deploy('v1');
    expect(again, again.told).toMatchObject({ code: 0, release: 'v1' });
    expect(await shop.ids()).toEqual(before);
  });

  it('gives way to the next and comes back: no request to the two copies fails, the database is left alone', async () => {
    const database = await shop.ids('db');
    await shop.project.change(shop.configOf({ env: { PORT: '${port}', LOG_LEVEL: 'debug' } }), {
      'prompt.txt': 'You are strict.\n',
    });
    await shop.image('v2');
    const forth = await underLoad(() => shop.deploy('v2'));
    expect(forth.result, forth.result.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect(forth.failed).toEqual([]);
    expect(forth.asked).toBeGreaterThan(20);
    expect(await shop.version()).toBe('v2');
    expect(await prompt()).toBe('You are strict.\n');
    const back = await underLoad(() => shop.rollback());
    expect(back.result, back.result.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(back.failed).toEqual([]);
    expect(await shop.version()).toBe('v1');
    expect(await prompt()).toBe('You are kind.\n');
    expect(await shop.ids('db')).toEqual(database);
    expect(await shop.ids('chat')).toHaveLength(2);
  });

  it('keeps its images when others are pruned', async () => {
    await docker(['image', 'rm', `${shop.repository}:v2`]);
    await docker(['image', 'prune', '--force']);
    const there = await shop.rollback('--to', 'v2');
    expect(there, there.told).toMatchObject({ code: 0 });
    expect(await shop.version()).toBe('v2');
    expect(await shop.rollback('--to', 'v1')).toMatchObject({ code: 0 });
  });
});

describe('a release that is broken', () => {
  it.each([
    ['crashes at its start', 'crash', /chat-\d+ end(?:s|ed) at its start.*no key for the provider/],
    ['is never ready', 'unready', /chat-\d+ is not healthy: not ready: 503/],
    ['fails its smoke test', 'chat', /smoke.*503/],
    ['answers too slowly', 'slow', /smoke\/chat: .*within 1000 ms/],
    ['is too late to start', 'late', /chat-\d+ is not healthy: not ready/],
    ['is another version', 'other', /version.*v1/],
    ['fails to migrate', 'migration', /migrate ended with [13]: .*syntax error/],
  ])('because it %s: the former serves', async (_, behaviour, cause) => {
    const tag = `bad-${behaviour}`;
    const promised = behaviour === 'slow' ? { smoke: [{ ...SMOKE, within: '1s' }] } : {};
    const sql = behaviour === 'migration' ? 'CREATE NONSENSE' : undefined;
    await shop.project.change(shop.configOf(promised, sql));
    await shop.image(tag, behaviour, behaviour === 'other' ? 'v1' : tag);
    const { result, failed } = await underLoad(() => shop.deploy(tag));
    expect(result, result.told).toMatchObject({
      code: 1,
      outcome: 'rolled-back',
      cause: expect.stringMatching(cause),
    });
    expect(failed).toEqual([]);
    expect(await shop.version()).toBe('v1');
  });

  it('lacks a setting, or its image: nothing is touched', async () => {
    const before = await shop.ids();
    await shop.project.change(
      shop.configOf({ secrets: ['TOKEN', 'NEW_KEY', { name: 'DATABASE_URL', from: 'database' }] }),
    );
    await shop.image('v3');
    const without = await shop.deploy('v3');
    expect(without, without.told).toMatchObject({
      code: 1,
      cause: expect.stringMatching(/NEW_KEY.*set it in \.env/),
    });
    const missing = await shop.deploy('v9');
    expect(missing).toMatchObject({
      code: 3,
      told: expect.stringMatching(/image deploy\.local\/deploy-\d+:v9 is missing/),
    });
    expect(await shop.ids()).toEqual(before);
  });
});
