/** `verify --platform systemd` on a real host, over a real ssh: good, and broken one way after the other. */
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { look, told } from '../verify/look.ts';
import { buildOf, type Host, projectOf, startHost } from './host.ts';
import { openSsh } from './ssh.ts';

const CONFIG = {
  version: 1,
  name: 'watched',
  services: {
    api: {
      language: 'go',
      build: { main: './cmd/server' },
      port: 8080,
      metrics: { port: 9090 },
      health: { live: '/health/live', ready: '/health/ready' },
      timeouts: { request: '5s', llm: '4s', startup: '10s', drain: '6s', drainDelay: '0s' },
      resources: { cpu: { limit: 1 }, memory: { limit: '256Mi' } },
      env: { PORT: '${port}', METRICS_PORT: '${metrics.port}' },
      secrets: ['LLM_API_KEY'],
    },
  },
  database: { name: 'chat', user: 'chat_app', host: 'localhost', backup: { dir: '/backups' } },
  targets: { systemd: {}, backup: {} },
};
const UNIT = 'watched.service';
const PROM = '/var/lib/watched-backup/watched-backup.prom';

let host: Host;
let at: string;
const ask = async (...only: string[]) =>
  told(await look({ config: CONFIG, flags: { platform: 'systemd', hosts: [at] }, only }));

beforeAll(async () => {
  host = await startHost('aideploy-verify');
  at = await openSsh(host);
  const project = await projectOf('go', CONFIG);
  buildOf(project, 'v1');
  await host.copy(join(project, 'deploy'), '/srv/deploy');
  await host.copy(join(project, 'build-v1'), '/srv/build-v1');
  await host.sh(`/srv/deploy/systemd/install.sh
sed -i 's/^LLM_API_KEY=$/LLM_API_KEY=key/' /etc/watched/watched.env
/srv/deploy/systemd/deploy.sh /srv/build-v1 v1
mkdir -p /backups`);
  await host.write({ [PROM]: backup(1) });
});

const backup = (hours: number, succeeded = 1) =>
  Object.entries({
    last_success_timestamp_seconds: Math.floor(Date.now() / 1_000) - hours * 3_600,
    last_run_succeeded: succeeded,
    size_bytes: 4_096,
    kept: 3,
  })
    .map(([name, value]) => `aideploy_backup_${name}{database="chat"} ${value}\n`)
    .join('');

describe('a host that is as it was rendered', () => {
  it('passes every probe', async () => {
    const results = await look({
      config: CONFIG,
      flags: { platform: 'systemd', hosts: [at] },
      only: [
        'systemd-unit',
        'systemd-files',
        'systemd-sandbox',
        'host-ports',
        'host-disk',
        'host-memory',
        'host-clock',
        'host-files',
        'database-backup',
      ],
    });
    expect(told(results)).toEqual({
      [`systemd-unit/${at}/${UNIT}`]: 'pass',
      [`systemd-files/${at}/${UNIT}`]: 'pass',
      [`systemd-sandbox/${at}/${UNIT}`]: 'pass',
      [`host-ports/${at}/8080`]: 'pass',
      [`host-ports/${at}/9090`]: 'pass',
      [`host-disk/${at}`]: 'pass',
      [`host-memory/${at}`]: 'pass',
      [`host-clock/${at}`]: 'pass',
      [`host-files/${at}`]: 'pass',
      'database-backup': 'pass',
    });
    const sandbox = results.find(({ probe }) => probe === 'systemd-sandbox');
    expect(Number(/^(\d+) settings/.exec(sandbox?.message ?? '')?.[1])).toBeGreaterThanOrEqual(20);
  });
});

describe('a host that is broken', () => {
  let mend = '';
  afterEach(async () => {
    await host.sh(
      `${mend}\nsystemctl reset-failed ${UNIT}; systemctl daemon-reload; systemctl restart ${UNIT}`,
    );
  });

  interface Break {
    readonly how: string;
    readonly by: string;
    readonly mended: string;
    readonly probe: string;
    readonly seen: RegExp;
  }
  const BREAKS: readonly Break[] = [
    {
      how: 'a program that ends at once',
      by: `mv /opt/watched/current/bin/server{,.kept}; printf '#!/bin/sh\\necho no key; exit 3\\n' >/opt/watched/current/bin/server
chmod 755 /opt/watched/current/bin/server; systemctl restart ${UNIT} || true`,
      mended: 'mv /opt/watched/current/bin/server{.kept,}',
      probe: 'systemd-unit',
      seen: /^fail: watched\.service ends and is restarted again and again \(exit-code, exit code 3\); it said last: .*no key/,
    },
    {
      how: 'a unit that was stopped',
      by: `systemctl stop ${UNIT}`,
      mended: '',
      probe: 'systemd-unit',
      seen: /^fail: watched\.service is inactive/,
    },
    {
      how: 'a program that was killed and came back',
      by: `kill -9 $(systemctl show -p MainPID --value ${UNIT})`,
      mended: '',
      probe: 'systemd-unit',
      seen: /^fail: watched\.service was restarted 1 times, the last time just now/,
    },
    {
      how: 'a unit that boot forgets',
      by: `systemctl disable ${UNIT}`,
      mended: `systemctl enable ${UNIT}`,
      probe: 'systemd-unit',
      seen: /^fail: watched\.service is disabled: it would not start at boot/,
    },
    {
      how: 'a drop-in that opens the sandbox',
      by: `mkdir -p /etc/systemd/system/${UNIT}.d; printf '[Service]\\nProtectSystem=no\\n' >/etc/systemd/system/${UNIT}.d/x.conf
systemctl daemon-reload`,
      mended: `rm -r /etc/systemd/system/${UNIT}.d`,
      probe: 'systemd-sandbox',
      seen: /^fail: ProtectSystem=no$/,
    },
    {
      how: 'a drop-in that nobody rendered',
      by: `mkdir -p /etc/systemd/system/${UNIT}.d; printf '[Service]\\nNice=5\\n' >/etc/systemd/system/${UNIT}.d/x.conf
systemctl daemon-reload`,
      mended: `rm -r /etc/systemd/system/${UNIT}.d`,
      probe: 'systemd-files',
      seen: /^fail: watched\.service is also changed by \/etc\/systemd\/system\/watched\.service\.d\/x\.conf/,
    },
    {
      how: 'a unit file that was edited',
      by: `cp /etc/systemd/system/${UNIT} /root/; sed -i 's/^MemoryMax=.*/MemoryMax=9G/' /etc/systemd/system/${UNIT}`,
      mended: `cp /root/${UNIT} /etc/systemd/system/`,
      probe: 'systemd-files',
      seen: /^fail: .*differs from line \d+ on: MemoryMax=9G/,
    },
    {
      how: 'a unit file that systemd has not read',
      by: `touch -d '+1 minute' /etc/systemd/system/${UNIT}`,
      mended: `touch /etc/systemd/system/${UNIT}`,
      probe: 'systemd-files',
      seen: /^fail: systemd has not read/,
    },
    {
      how: 'a port that another program holds',
      by: `systemctl stop ${UNIT}; (setsid python3 -m http.server 8080 >/dev/null 2>&1 & echo $! >/run/other.pid)`,
      mended:
        'kill $(cat /run/other.pid); while kill -0 $(cat /run/other.pid) 2>/dev/null; do sleep 0.1; done',
      probe: 'host-ports',
      seen: /^fail: process \d+ \(python3\) listens on 8080/,
    },
    {
      how: 'secrets that everybody can read',
      by: 'chmod 644 /etc/watched/watched.env',
      mended: 'chmod 600 /etc/watched/watched.env',
      probe: 'host-files',
      seen: /^fail: \/etc\/watched\/watched\.env is 644 of root/,
    },
    {
      how: 'a release that the service can change',
      by: 'chown watched /opt/watched/releases',
      mended: 'chown root /opt/watched/releases',
      probe: 'host-files',
      seen: /^fail: \/opt\/watched\/releases is 755 of watched/,
    },
    {
      how: 'a full disk',
      by: 'mount -t tmpfs -o size=1m none /tmp; head -c 1000000 /dev/zero >/tmp/full',
      mended: 'umount /tmp',
      probe: 'host-disk',
      seen: /^fail: used: \/tmp 9\d %/,
    },
    {
      how: 'a backup that is too old',
      by: `cat >${PROM} <<'X'\n${backup(40)}X`,
      mended: '',
      probe: 'database-backup',
      // So old when this file was read, and some minutes more on a machine that has its platforms still to make.
      seen: /^fail: the last good one is 40\.\d hours old/,
    },
    {
      how: 'a backup that failed',
      by: `cat >${PROM} <<'X'\n${backup(3, 0)}X`,
      mended: '',
      probe: 'database-backup',
      seen: /^fail: .*but the last run failed/,
    },
    {
      how: 'no backup at all',
      by: `rm ${PROM}`,
      mended: '',
      probe: 'database-backup',
      seen: /^fail: none was ever made/,
    },
  ];

  it.each(BREAKS)('$how', async ({ by, mended, probe, seen }) => {
    mend = mended;
    await host.sh(by);
    // The journal, a restart and a program that is to listen take their time.
    await expect
      .poll(async () => Object.values(await ask(probe)), { timeout: 30_000 })
      .toContainEqual(expect.stringMatching(seen));
  });
});

describe('an observer that cannot look', () => {
  it.each([
    ['an account that has no key', () => `nobody@${host.address}`, /^error: ssh nobody@/],
    ['a host that refuses', () => 'root@127.0.0.1', /^error: ssh root@127\.0\.0\.1: /],
  ])('%s', async (_, who, seen) => {
    const results = await look({
      config: CONFIG,
      flags: { platform: 'systemd', hosts: [who()] },
      only: ['systemd-unit', 'host-disk', 'systemd-files'],
    });
    expect(Object.values(told(results))).toEqual([
      expect.stringMatching(seen),
      expect.stringMatching(seen),
      expect.stringMatching(seen),
    ]);
  });
});
