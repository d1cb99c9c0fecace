/** What systemd says of jobs, and of restarts long ago: a real host would need days for it. */
import { afterEach, expect, it, vi } from 'vitest';
import { look, told } from './look.ts';
import { tools } from './tools.ts';

const CONFIG = {
  version: 1,
  name: 'shop',
  services: {
    api: { language: 'go', port: 8080, health: { live: '/live', ready: '/ready' } },
    nightly: { language: 'go', kind: 'job', schedule: '0 2 * * *', command: ['/server', 'tidy'] },
  },
  targets: { systemd: {} },
};
afterEach(() => vi.unstubAllEnvs());

const GOOD = {
  LoadState: 'loaded',
  ActiveState: 'active',
  SubState: 'running',
  Result: 'success',
  NRestarts: '0',
  UnitFileState: 'enabled',
  ExecMainStatus: '0',
  ActiveEnterTimestampMonotonic: '1000000',
};
const OVER = { ...GOOD, ActiveState: 'inactive', SubState: 'dead', UnitFileState: 'static' };
const shown = (unit: string, properties: object) => ({
  asked: new RegExp(`show .* -- ${unit.replace('.', '\\.')}$`),
  stdout: Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
});

interface Host {
  readonly api?: object;
  readonly job?: object;
  readonly timer?: object;
}

const ask = async ({ api, job, timer }: Host) => {
  await tools({
    systemctl: [
      shown('shop-api.service', { ...GOOD, ...api }),
      shown('shop-nightly.service', { ...OVER, ...job }),
      shown('shop-nightly.timer', { ...GOOD, SubState: 'waiting', NRestarts: '', ...timer }),
    ],
    journalctl: [{ asked: /./, stdout: 'out of memory\n' }],
    cat: [{ asked: /^\/proc\/uptime$/, stdout: '100000.00 1.0\n' }],
  });
  return told(await look({ config: CONFIG, flags: { platform: 'systemd' }, only: ['systemd-unit'] }));
};

it.each<[string, Host, Record<string, RegExp>]>([
  ['everything in order', {}, {}],
  [
    'a job that fell over',
    { job: { ActiveState: 'failed', Result: 'exit-code' } },
    {
      'systemd-unit/shop-nightly.service':
        /^fail: the last run of shop-nightly\.service ended with exit-code; it said last: out of memory/,
    },
  ],
  ['a job that runs at this moment', { job: { ActiveState: 'activating', SubState: 'start' } }, {}],
  [
    'a timer that was stopped',
    { timer: { ActiveState: 'inactive' } },
    { 'systemd-unit/shop-nightly.timer': /^fail: shop-nightly\.timer is inactive/ },
  ],
  [
    'a timer that boot forgets',
    { timer: { UnitFileState: 'disabled' } },
    { 'systemd-unit/shop-nightly.timer': /^fail: shop-nightly\.timer is disabled/ },
  ],
  ['a restart a day ago', { api: { NRestarts: '2' } }, {}],
  [
    'a restart a minute ago',
    { api: { NRestarts: '2', ActiveEnterTimestampMonotonic: '99940000000' } },
    {
      'systemd-unit/shop-api.service':
        /^fail: shop-api\.service was restarted 2 times, the last time just now/,
    },
  ],
  [
    'a unit that is masked',
    { api: { LoadState: 'masked' } },
    { 'systemd-unit/shop-api.service': /^fail: shop-api\.service is masked/ },
  ],
])('%s', async (_, host, wrong) => {
  const wanted = Object.fromEntries(
    ['api.service', 'nightly.service', 'nightly.timer'].map(unit => [`systemd-unit/shop-${unit}`, 'pass']),
  );
  const matched = Object.fromEntries(
    Object.entries(wrong).map(([id, pattern]) => [id, expect.stringMatching(pattern)]),
  );
  expect(await ask(host)).toEqual({ ...wanted, ...matched });
});
