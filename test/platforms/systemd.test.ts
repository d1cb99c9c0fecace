/** The systemd target on a real host: install from the rendered files alone, serve, upgrade, break, go back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { environmentFileText } from '../../src/render/escape/environment-file.ts';
import { systemd } from '../../src/targets/systemd/index.ts';
import { SEED } from '../render/runs.ts';
import { renderOnce } from '../render/sample.ts';
import { sampleTexts } from '../render/values.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { drain, proxy, under } from './behind-nginx.ts';
import {
  buildAs,
  buildOf,
  change,
  type Host,
  projectOf,
  startHost,
  sumUp,
  temporaryFolder,
  wheelsOf,
} from './host.ts';

let host: Host;
beforeAll(async () => {
  host = await startHost('aideploy-systemd');
});

describe('values', () => {
  // systemd takes no code points that Unicode keeps for itself; they are refused, which another test sees.
  const texts = sampleTexts({ seed: SEED, numRuns: 400 }).filter(
    text => !/\p{Noncharacter_Code_Point}|\p{Surrogate}/u.test(text),
  );
  const PRINT =
    'import os, sys; open("/run/values/" + sys.argv[1], "wb").write(b"\\0".join(os.environb.get(b"V%d" % i, b"missing") for i in range(int(sys.argv[2]))) if sys.argv[1] != "args" else b"\\0".join(os.fsencode(a) for a in sys.argv[3:]))';

  async function run(unit: string, files: Record<string, string> = {}): Promise<void> {
    await host.write({ '/etc/systemd/system/values.service': unit, '/run/values/.keep': '', ...files });
    await host.sh('systemctl daemon-reload; systemctl start values.service');
  }
  // A carriage return at the end would be lost with `docker exec -t`, which nobody uses here.
  const readBack = async (name: string): Promise<string[]> =>
    Buffer.from((await host.sh(`base64 -w0 /run/values/${name}`)).trim(), 'base64')
      .toString()
      .split('\0');

  it('reach a program through Environment=', async () => {
    const unit = renderOnce(
      't/values.service',
      '[Service]\nType=oneshot\n{{#each texts as |text i|}}\nEnvironment={{concat "V" i "=" text}}\n{{/each}}\nExecStart={{command command}}\n',
      { texts, command: ['/usr/bin/python3', '-c', PRINT, 'unit', String(texts.length)] },
    );
    await run(unit);
    expect(await readBack('unit')).toEqual(texts);
  });

  it('reach a program through an EnvironmentFile, whose path is odd too', async () => {
    const path = '/etc/it\'s a "path" with 100% $HOME/\\ and 日本語.env';
    const unit = renderOnce(
      't/values.service',
      '[Service]\nType=oneshot\nEnvironmentFile={{path}}\nExecStart={{command command}}\n',
      { path, command: ['/usr/bin/python3', '-c', PRINT, 'file', String(texts.length)] },
    );
    const content = texts.map((text, i) => `V${i}="${environmentFileText(text)}"\n`).join('');
    await run(unit, { [path]: content });
    expect(await readBack('file')).toEqual(texts);
  });

  it.each([
    ['as they stand', 'exactly'],
    ['beside a variable that systemd replaces', 'expanded'],
  ])('reach a program as arguments, %s', async (_, how) => {
    const { interpolation } = await import('../../src/render/engine.ts');
    const last = how === 'expanded' ? [interpolation('${TAG}')] : [];
    const unit = renderOnce(
      't/values.service',
      '[Service]\nType=oneshot\nEnvironment=TAG=v1\nExecStart={{command command}}\n',
      { command: ['/usr/bin/python3', '-c', PRINT, 'args', '0', ...texts, ...last] },
    );
    await run(unit);
    expect(await readBack('args')).toEqual([...texts, ...(how === 'expanded' ? ['v1'] : [])]);
  });

  it('name programs and folders, whatever is in them', async () => {
    const folder = '/opt/it\'s "here" 100% $HOME';
    const unit = renderOnce(
      't/values.service',
      '[Service]\nType=oneshot\nProtectSystem=strict\nWorkingDirectory={{folder}}\nReadWritePaths={{folder}}\nReadWritePaths=/run/values\nExecStart={{command command}}\n',
      { folder, command: [`${folder}/run me`] },
    );
    await run(unit, { [`${folder}/run me`]: '#!/bin/sh\npwd >/run/values/folder\ntouch here\n' }).catch(
      () => undefined,
    );
    await host.sh(`chmod 755 /opt/it*/run*; systemctl start values.service`);
    expect((await host.sh('cat /run/values/folder')).trim()).toBe(folder);
  });
});

describe('judges that the host has', () => {
  it('take every log forward, rotation and firewall that is rendered', async () => {
    const engine = await createEngine();
    const folder = await temporaryFolder();
    const commands: string[] = [
      'for ca in logs-ca internal-ca; do cp /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/$ca.pem; done',
      'getent passwd kinds >/dev/null || useradd --system kinds',
    ];
    for (const { name, model } of [...FIXTURE_CASES, ...ownCases('systemd')].filter(each =>
      systemd.applies(each.model),
    ))
      for (const { path, content } of systemd.render(model, engine)) {
        const file = `${name}-${path.split('/').at(-1)}`;
        writeFileSync(join(folder, file), content, { mode: 0o755 });
        const judged = `/root/judged/${file}`;
        if (file.endsWith('.rsyslog.conf')) commands.push(`rsyslogd -N1 -f ${judged}`);
        if (file.endsWith('.logrotate'))
          commands.push(
            `chmod 644 ${judged}; logrotate -d ${judged} 2>&1 | tee /dev/stderr | { ! grep -i error; }`,
          );
        // ufw takes its time, and these have every kind of rule.
        if (/^(?:every-kind|go-binary|python-asgi)-firewall\.sh$/.test(file))
          commands.push(`bash ${judged} --dry-run --internal 10.0.0.0/8 --ssh-port 2222`);
        if (file.endsWith('sysusers.conf'))
          commands.push(
            `systemd-sysusers --dry-run ${judged} 2>/dev/null || systemd-sysusers --replace=/etc/sysusers.d/x.conf ${judged}`,
          );
      }
    await host.copy(folder, '/root/judged');
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) await host.sh(command);
  });

  it('ufw: SSH is let in before everything else is shut out', async () => {
    const text = await host.sh(
      'bash /root/judged/every-kind-firewall.sh >/dev/null; ufw status verbose; ufw --force disable >/dev/null',
    );
    expect(text).toMatch(/^22\/tcp\s+ALLOW IN/m);
    expect(text).toMatch(/^443\/tcp\s+ALLOW IN/m);
    for (const port of [5432, 8080, 9090, 18080])
      expect(text).toMatch(new RegExp(`^${port}/tcp\\s+DENY IN`, 'm'));
    expect(text).toMatch(/deny \(incoming\)/);
  });
});

const STREAM = {
  kind: 'sse',
  paths: ['/api/chat/stream'],
  maxDuration: '12s',
  idle: '10s',
  firstEvent: '5s',
};
const TIMEOUTS = { request: '5s', llm: '4s', startup: '10s', drain: '15s', drainDelay: '0s' };

/** A stream that has begun, of so many tokens, a tenth of a second each; its lines when it has ended. */
async function begun(url: string, chunks: number): Promise<{ readonly lines: Promise<string[]> }> {
  const answer = await fetch(`${url}/api/chat/stream?q=hi&chunks=${chunks}&delayMs=100`);
  const lines = answer
    .text()
    .then(text => text.split('\n').filter(line => line.startsWith('data:') || line.startsWith('event:')));
  return { lines };
}

/** For what comes a moment later. */
const WAITED = { timeout: 30_000 };

async function bring(project: string, to: string, ...tags: string[]): Promise<void> {
  await host.copy(join(project, 'deploy'), `${to}/deploy`);
  for (const tag of tags) await host.copy(join(project, `build-${tag}`), `${to}/build-${tag}`);
}

const version = async (url: string) =>
  ((await (await fetch(`${url}/version`)).json()) as { version: string }).version;
const property = async (unit: string, name: string) =>
  (await host.sh(`systemctl show --property ${name} --value ${unit}`)).trim();

describe('a program of Go, in two instances', () => {
  let url = '';
  const on = '/srv/web';
  const deploy = (tag: string, flags = '') =>
    `${on}/deploy/systemd/deploy.sh ${flags} ${on}/build-${tag} ${tag} 2>&1`;

  beforeAll(async () => {
    const project = await projectOf('go', {
      version: 1,
      name: 'web',
      services: {
        api: {
          language: 'go',
          build: { main: './cmd/server' },
          port: 8080,
          metrics: { port: 9090 },
          health: { live: '/health/live', ready: '/health/ready' },
          stream: STREAM,
          timeouts: TIMEOUTS,
          resources: { cpu: { limit: 1 }, memory: { limit: '256Mi' } },
          env: {
            PORT: '${port}',
            METRICS_PORT: '${metrics.port}',
            SHUTDOWN_TIMEOUT: '${timeouts.drain}',
            ODD: 'a "b" $c %d',
          },
          secrets: ['LLM_API_KEY'],
        },
      },
      targets: { systemd: { instances: 2, keepReleases: 2 } },
    });
    for (const tag of ['v1', 'v2']) buildOf(project, tag);
    for (const [tag, main] of [
      ['v3', '#!/bin/sh\necho broken >&2; exit 1\n'],
      ['v4', '#!/bin/sh\nexec sleep 1000\n'],
    ] as const) {
      buildAs(project, 'v1', tag);
      writeFileSync(join(project, `build-${tag}/server-linux-amd64`), main);
      sumUp(join(project, `build-${tag}`));
    }
    await bring(project, on, 'v1', 'v2', 'v3', 'v4');
    url = await proxy(host, 8000, [8080, 18_080]);
    await drain(host, '/etc/web', 8000, [8080, 18_080]);
  });

  it('is not deployed before its secret is there, nor from files that were changed', async () => {
    await host.sh(`${on}/deploy/systemd/install.sh; ${on}/deploy/systemd/install.sh`);
    expect((await host.sh('stat -c "%U %a" /etc/web/web.env')).trim()).toBe('root 600');
    const without = await host.try(deploy('v1'));
    expect([without.code, without.stdout]).toEqual([
      1,
      expect.stringContaining('/etc/web/web.env says nothing for LLM_API_KEY'),
    ]);
    await host.sh(`sed -i 's/^LLM_API_KEY=$/LLM_API_KEY="k e\\$y"/' /etc/web/web.env`);
    await host.sh(`cp -r ${on}/build-v1 ${on}/build-bad; echo >>${on}/build-bad/server-linux-amd64`);
    const changed = await host.try(deploy('bad'));
    expect([changed.code, changed.stdout]).toEqual([1, expect.stringContaining('checksums differ')]);
    expect((await host.sh('ls /opt/web/releases')).trim()).toBe('');
  });

  it('says what it will do, and that nobody will notice', async () => {
    const plan = await host.sh(deploy('v1', '--dry-run'));
    expect(plan).toContain('restart web@2.service');
    expect(plan).toContain('outage: none');
  });

  it('is installed from the rendered files alone: started, contained, answering', async () => {
    await host.sh(deploy('v1'));
    expect(await version(url)).toBe('v1');
    const pid = await property('web@1.service', 'MainPID');
    const environment = await host.sh(`tr '\\0' '\\n' </proc/${pid}/environ`);
    expect(environment).toContain('ODD=a "b" $c %d\n');
    expect(environment).toContain('LLM_API_KEY=k e$y\n');
    expect(environment).toContain('GOMAXPROCS=1\n');
    const status = await host.sh(`cat /proc/${pid}/status`);
    expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    expect(status).toMatch(/^Seccomp:\s2$/m);
    expect(status).toMatch(/^CapBnd:\s0+$/m);
    for (const path of ['/etc/x', '/opt/web/current/x', '/home/x', '/usr/x', '/var/lib/x'])
      expect((await host.try(`nsenter --target ${pid} --mount -- touch ${path}`)).code, path).not.toBe(0);
    const exposure = await host.sh('systemd-analyze security --no-pager web@1.service | tail -n 1');
    expect(Number(/: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThanOrEqual(1.4);
    const record = JSON.parse(await host.sh('cat /opt/web/current/release.json'));
    expect(record).toMatchObject({ version: 1, id: 'v1', tag: 'v1', status: 'verified', previous: null });
  });

  it('does nothing when there is nothing to do', async () => {
    const before = await property('web@1.service', 'MainPID');
    await host.sh(`${on}/deploy/systemd/install.sh`);
    expect(await host.sh(deploy('v1'))).toContain('web@2.service runs v1');
    expect(await property('web@1.service', 'MainPID')).toBe(before);
    expect((await host.sh('ls /opt/web/releases')).trim()).toBe('history.jsonl\nv1');
  });

  it('is upgraded under load without a failed request, and open streams finish', async () => {
    const open = await Promise.all([begun(url, 60), begun(url, 60)]);
    const { load } = await under(url, () => host.sh(deploy('v2')));
    expect(load.failures).toEqual([]);
    expect(load.requests).toBeGreaterThan(50);
    for (const { lines } of open)
      expect([(await lines).length, (await lines).at(-1)]).toEqual([61, 'data: [DONE]']);
    expect(await version(`http://${host.address}:8080`)).toBe('v2');
    expect(await version(`http://${host.address}:18080`)).toBe('v2');
  });

  it.each([
    ['v3', 'ends at once'],
    ['v4', 'is never ready'],
  ])('goes back from %s, which %s, without a failed request', async tag => {
    const { result, load } = await under(url, () => host.try(deploy(tag)));
    expect([result.code, result.stdout]).toEqual([
      1,
      expect.stringContaining(`${tag} failed; v2 runs and is ready`),
    ]);
    expect(load.failures).toEqual([]);
    expect(await version(url)).toBe('v2');
    expect(JSON.parse(await host.sh(`cat /opt/web/releases/${tag}/release.json`))).toMatchObject({
      status: 'failed',
    });
  });

  it('keeps what it runs and what it came from, and rolls back to the last that was well', async () => {
    expect((await host.sh('ls /opt/web/releases')).split('\n')).toEqual(expect.arrayContaining(['v1', 'v2']));
    const { load } = await under(url, () => host.sh(`${on}/deploy/systemd/rollback.sh 2>&1`));
    expect(load.failures).toEqual([]);
    expect(await version(url)).toBe('v1');
    const again = await host.try(`${on}/deploy/systemd/rollback.sh 2>&1`);
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('no verified release is older')]);
  });

  it('is not deployed over a unit that would keep its port', async () => {
    await host.sh('touch /opt/web/current/systemd/gone.service /etc/systemd/system/gone.service');
    const { code, stdout } = await host.try(deploy('v2'));
    expect([code, stdout]).toEqual([1, expect.stringContaining('has gone.service, which is no more')]);
    await host.sh('rm /opt/web/current/systemd/gone.service /etc/systemd/system/gone.service');
  });

  it('serves on, and can be deployed again, wherever a deploy was killed', async () => {
    for (const [tag, after] of [
      ['v2', 0.2],
      ['v2', 0.6],
      ['v2', 1.2],
      ['v1', 1.6],
      ['v2', 2.5],
    ] as const) {
      await host.sh(
        `setsid bash -c ${JSON.stringify(deploy(tag))} >/dev/null & pid=$!; sleep ${after}; kill -9 -- -$pid 2>/dev/null || true; wait || true`,
      );
      expect(await version(url)).toMatch(/^v[12]$/);
      await host.sh(deploy(tag));
      expect(await version(`http://${host.address}:18080`)).toBe(tag);
    }
  });

  it('is started again after kill -9', async () => {
    const pid = await property('web@1.service', 'MainPID');
    await host.sh(`kill -9 ${pid}`);
    // 0 until it is time to start again.
    await expect
      .poll(() => property('web@1.service', 'MainPID'), { timeout: 60_000 })
      .not.toBeOneOf([pid, '0']);
    await expect
      .poll(async () => (await host.try('curl -sf http://127.0.0.1:8080/health/ready')).code, WAITED)
      .toBe(0);
  });

  it('stops within its budget, a long stream open', async () => {
    const open = await begun(`http://${host.address}:8080`, 300);
    // A stop that takes longer than its budget, five seconds more than the drain, is a timeout.
    await host.sh('systemctl stop web@1.service');
    expect(await property('web@1.service', 'Result')).toBe('success');
    expect((await open.lines).some(line => line.startsWith('event:'))).toBe(true);
    await host.sh('systemctl start web@1.service');
  });

  it('is given up when its configuration is wrong', async () => {
    await host.sh('echo FAIL_START=1 >>/etc/web/web.env; systemctl restart web@2.service || true');
    await expect
      .poll(() => property('web@2.service', 'ActiveState'), { timeout: 120_000, interval: 1_000 })
      .toBe('failed');
    // Longer than between two of its starts.
    await sleep(7000);
    expect(await property('web@2.service', 'ActiveState')).toBe('failed');
    await host.sh(`sed -i /FAIL_START/d /etc/web/web.env; ${deploy('v2')}`);
    expect(await property('web@2.service', 'ActiveState')).toBe('active');
  });
});

describe('a program of Python, in two instances of several workers', () => {
  let url = '';
  const on = '/srv/brain';
  /** The host has no way out: its packages come from a folder, as in many a company. */
  const pip = 'export PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels';
  const deploy = (tag: string) => `${pip}; ${on}/deploy/systemd/deploy.sh ${on}/build-${tag} ${tag} 2>&1`;

  beforeAll(async () => {
    const project = await projectOf('python', {
      version: 1,
      name: 'brain',
      services: {
        api: {
          language: 'python',
          version: '3.11',
          build: { main: 'app.main:app' },
          port: 8001,
          metrics: {},
          health: { live: '/health/live', ready: '/health/ready' },
          stream: STREAM,
          timeouts: { ...TIMEOUTS, startup: '30s' },
          resources: { cpu: { limit: 1 }, memory: { limit: '1Gi' } },
          env: { PORT: '${port}', SHUTDOWN_TIMEOUT: '${timeouts.drain}' },
        },
      },
      targets: { systemd: { instances: 2 } },
    });
    for (const tag of ['v1', 'v2']) buildOf(project, tag);
    const requirements = join(project, 'requirements.txt');
    await host.copy(wheelsOf(requirements), '/srv/wheels');
    // The oldest gunicorn that is still in wide use, beside the newest.
    const old = readFileSync(requirements, 'utf8').replace(/^gunicorn==.*$/m, 'gunicorn==23.0.0');
    change(project, { 'requirements.txt': old });
    buildOf(project, 'v23');
    await host.copy(wheelsOf(requirements), '/srv/wheels');
    await bring(project, on, 'v1', 'v2', 'v23');
    url = await proxy(host, 8002, [8001, 18_001]);
    await drain(host, '/etc/brain', 8002, [8001, 18_001]);
  });

  it('is installed with packages of its own, and its workers fit what is granted', async () => {
    await host.sh(`${on}/deploy/systemd/install.sh; ${deploy('v1')}`);
    expect(await version(url)).toBe('v1');
    const master = await property('brain@1.service', 'MainPID');
    // Two a CPU and one more, of the one CPU that the unit grants.
    const workers = async () => (await host.sh(`pgrep --parent ${master} | wc -l`)).trim();
    // It is ready by the first of them.
    await expect.poll(workers, WAITED).toBe('3');
    expect(await host.sh('ls /run/brain-1')).toContain('prometheus');
    expect(await host.sh(`sed -n 's/^Seccomp:.//p; s/^NoNewPrivs:.//p' /proc/${master}/status`)).toBe(
      '1\n2\n',
    );
  });

  it('adds up the numbers of all its workers', async () => {
    const ask = () =>
      fetch(`http://${host.address}:8001/api/chat`, { method: 'POST', body: '{"message": "hi"}' }).catch(
        () => undefined,
      );
    expect(await ask()).toBeUndefined(); // it listens on loopback alone
    await host.sh(
      `for i in $(seq 20); do curl -sf -H 'content-type: application/json' -d '{"message":"hi"}' http://127.0.0.1:8001/api/chat >/dev/null; done`,
    );
    const series = 'ai_requests_total{endpoint="/api/chat",status="200"}';
    const count = async () =>
      Number((await host.sh(`curl -sf http://127.0.0.1:8001/metrics | grep '^${series}'`)).split(' ').at(-1));
    // The last byte of an answer may arrive before it is counted.
    await expect.poll(count, WAITED).toBe(20);
  });

  it('is reloaded under load without a failed request, and open streams finish', async () => {
    const open = await Promise.all([begun(url, 50), begun(url, 50), begun(url, 50)]);
    const before = await property('brain@1.service', 'MainPID');
    const { load } = await under(url, async () => {
      await host.sh('systemctl reload brain@1.service brain@2.service');
      await sleep(7000);
    });
    expect(load.failures).toEqual([]);
    expect(load.requests).toBeGreaterThan(30);
    for (const { lines } of open)
      expect([(await lines).length, (await lines).at(-1)]).toEqual([51, 'data: [DONE]']);
    expect(await property('brain@1.service', 'MainPID')).toBe(before);
  });

  it('is upgraded under load without a failed request, and back', async () => {
    const open = await begun(url, 60);
    const { load } = await under(url, async () => {
      await host.sh(deploy('v2'));
      expect(await version(url)).toBe('v2');
      await host.sh(`${on}/deploy/systemd/rollback.sh 2>&1`);
    });
    expect(load.failures).toEqual([]);
    expect((await open.lines).at(-1)).toBe('data: [DONE]');
    expect(await version(url)).toBe('v1');
  });

  it.each([
    ['27', 'v1'],
    ['23', 'v23'],
  ])('stops when its drain is over, not before and not much later, by gunicorn %s', async (major, tag) => {
    await host.sh(deploy(tag));
    expect(await host.sh(`ls /opt/brain/current/venv/brain/lib/python3.11/site-packages`)).toContain(
      `gunicorn-${major}.`,
    );
    // A third of the drain where nothing else is at work, so that it ends within it where much is.
    const [short, long] = await Promise.all([begun(url, 50), begun(url, 300)]);
    const cut = long.lines.catch(() => ['cut']);
    // By the host's own clock: to get there takes its time.
    const took = await host.sh(
      'began=$(date +%s%3N); systemctl stop brain@1.service brain@2.service; echo $(($(date +%s%3N) - began))',
    );
    expect(Number(took)).toBeGreaterThan(13_000);
    // A stop that takes longer than its budget, five seconds more than the drain, is a timeout.
    for (const unit of ['brain@1.service', 'brain@2.service'])
      expect(await property(unit, 'Result')).toBe('success');
    expect((await short.lines).at(-1)).toBe('data: [DONE]');
    expect((await cut).at(-1)).not.toBe('data: [DONE]');
    await host.sh('systemctl start brain@1.service brain@2.service');
  });
});

describe('a program of Go with PostgreSQL beside it, in one instance', () => {
  const on = '/srv/desk';
  const deploy = (tag: string, flags = '') =>
    `${on}/deploy/systemd/deploy.sh ${flags} ${on}/build-${tag} ${tag} 2>&1`;
  const url = () => `http://${host.address}:8090`;

  beforeAll(async () => {
    const project = await projectOf('go-postgres', {
      version: 1,
      name: 'desk',
      services: {
        server: {
          language: 'go',
          build: { main: './cmd/server', binaries: ['./cmd/agent'] },
          port: 8090,
          health: { live: '/health/live', ready: '/health/ready' },
          timeouts: { request: '5s', llm: '4s', startup: '10s', drain: '6s', drainDelay: '0s' },
          env: { PORT: '${port}', METRICS_PORT: '${port}', SHUTDOWN_TIMEOUT: '${timeouts.drain}' },
          secrets: [{ name: 'DATABASE_URL', from: 'database' }],
          dependsOn: ['db'],
        },
      },
      database: {
        version: '15',
        name: 'desk',
        user: 'desk_app',
        owner: 'desk_owner',
        migrations: { run: 'command', command: ['/server', 'migrate'] },
      },
      targets: { systemd: {} },
    });
    for (const tag of ['v1', 'v2']) buildOf(project, tag);
    await bring(project, on, 'v1', 'v2');
    await host.sh(`systemctl start postgresql
su postgres -c "psql -qc \\"create role desk_owner login password 'o'\\" -c \\"create role desk_app login password 'a'\\" -c 'create database desk owner desk_owner'"
su postgres -c "psql -qd desk -c 'alter default privileges for role desk_owner grant select, insert, update, delete on tables to desk_app' -c 'alter default privileges for role desk_owner grant usage on sequences to desk_app'"`);
  });

  it('says what a restart costs', async () => {
    expect(await host.sh(deploy('v1', '--dry-run'))).toContain(
      'outage: desk has one instance, which takes no requests for up to 6s',
    );
  });

  it('is not switched to when its migrations fail', async () => {
    await host.sh(`${on}/deploy/systemd/install.sh
sed -i 's|^DATABASE_URL=.*|DATABASE_URL=postgres://desk_app:a@127.0.0.1:5432/desk?sslmode=disable|' /etc/desk/desk.env
sed -i 's|^DATABASE_OWNER_URL=.*|DATABASE_OWNER_URL=postgres://desk_owner:wrong@127.0.0.1:5432/desk?sslmode=disable|' /etc/desk/desk-migrate.env`);
    const { code, stdout } = await host.try(deploy('v1'));
    expect([code, stdout]).toEqual([1, expect.stringContaining('nothing was switched')]);
    expect((await host.try('test -e /opt/desk/current')).code).toBe(1);
  });

  it('is migrated as the owner, and serves as the restricted role', async () => {
    await host.sh(`sed -i 's|:wrong@|:o@|' /etc/desk/desk-migrate.env; ${deploy('v1')}`);
    expect((await fetch(`${url()}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${url()}/api/agents`)).json()).toEqual([]);
    expect(await property('desk.service', 'After')).toContain('postgresql.service');
    const pid = await property('desk.service', 'MainPID');
    expect(await host.sh(`tr '\\0' '\\n' </proc/${pid}/environ`)).not.toContain('DATABASE_OWNER_URL');
  });

  it('is upgraded, and rolled back', async () => {
    await host.sh(deploy('v2'));
    expect(await version(url())).toBe('v2');
    await host.sh(`${on}/deploy/systemd/rollback.sh v1`);
    expect(await version(url())).toBe('v1');
    expect((await fetch(`${url()}/health/ready`)).status).toBe(200);
  });
});

describe('a worker and a job, with secrets as files and a log file', () => {
  const on = '/srv/helper';
  const log = (unit: string) => host.sh(`cat /var/log/helper/${unit}.log`);
  /** Finished and the worker's own before it appears: the worker looks ten times a second, and takes what it sees. */
  const enqueue = (item: string) =>
    host.sh(`cd '/var/lib/helper queue'; echo '{}' >.new; chown helper: .new; mv .new ${item}.json`);

  beforeAll(async () => {
    const build = (main: string) => ({ language: 'go', build: { main } });
    const project = await projectOf('go', {
      version: 1,
      name: 'helper',
      services: {
        queue: {
          ...build('./cmd/worker'),
          kind: 'worker',
          env: { QUEUE_DIR: '/var/lib/helper queue', POLL_INTERVAL: '100ms' },
          secrets: ['LLM_API_KEY', { name: 'SENTRY_DSN', optional: true }],
          volumes: [{ name: 'queue', path: '/var/lib/helper queue' }],
          files: [{ path: '/etc/helper/settings.json', source: 'settings.json' }],
        },
        report: {
          ...build('./cmd/job'),
          kind: 'job',
          schedule: '30 3 * * 1-5',
          env: { ITEM_DURATION: '10ms' },
        },
      },
      targets: { systemd: { credentials: 'files', log: 'file', loopbackOnly: true } },
    });
    change(project, { 'settings.json': '{"a": 1}\n' });
    buildOf(project, 'v1');
    buildAs(project, 'v1', 'v2');
    const broken = '#!/bin/sh\necho "fatal: no such queue" >&2\necho goodbye >&2\nexit 1\n';
    writeFileSync(join(project, 'build-v2/worker-linux-amd64'), broken);
    sumUp(join(project, 'build-v2'));
    await bring(project, on, 'v1', 'v2');
    await host.copy(project, `${on}/project`);
    await host.sh(
      `${on}/deploy/systemd/install.sh 2>&1; printf 'se cret' >/etc/helper/credentials/LLM_API_KEY; chmod 600 /etc/helper/credentials/LLM_API_KEY`,
    );
    await host.sh(`${on}/deploy/systemd/deploy.sh --project ${on}/project ${on}/build-v1 v1 2>&1`);
  });

  it('the worker runs, writes where it may, and is given its secrets and files', async () => {
    await enqueue('a');
    await expect.poll(() => log('helper-queue'), WAITED).toContain('item processed');
    const pid = await property('helper-queue.service', 'MainPID');
    const inside = (command: string) => host.sh(`nsenter --target ${pid} --mount -- ${command}`);
    const file = /^LLM_API_KEY_FILE=(.*)$/m.exec(await host.sh(`tr '\\0' '\\n' </proc/${pid}/environ`))?.[1];
    expect(await inside(`cat ${file}`)).toBe('se cret');
    expect((await host.sh('stat -c "%U %G %a" /etc/helper/settings.json')).trim()).toBe('root helper 640');
  });

  it('the job runs by its timer’s unit, and the timer knows when', async () => {
    await host.sh('systemctl start helper-report.service');
    expect(await log('helper-report')).toContain('job complete');
    expect(await property('helper-report.timer', 'ActiveState')).toBe('active');
    expect(await property('helper-report.timer', 'NextElapseUSecRealtime')).toMatch(
      /^(?:Mon|Tue|Wed|Thu|Fri) .* 03:30:00/,
    );
  });

  it('a start that fails is told by what the log file says since then', async () => {
    await host.sh("echo 'fatal: of long ago' >>/var/log/helper/helper-queue.log");
    const deploy = `${on}/deploy/systemd/deploy.sh --project ${on}/project ${on}/build-v2 v2 2>&1`;
    const { code, stdout } = await host.try(deploy);
    const said =
      /v2 failed; v1 runs and is ready; helper-queue\.service .*; it said last: fatal: no such queue$/m;
    expect([code, stdout]).toEqual([1, expect.stringMatching(said)]);
    expect(stdout).toMatch(/^goodbye$/m);
  });

  it('logs are rotated, and written on', async () => {
    await host.sh('logrotate --force /etc/logrotate.d/helper; ls /var/log/helper/helper-queue.log.1');
    expect(await log('helper-queue')).toBe('');
    await enqueue('b');
    await expect.poll(() => log('helper-queue'), WAITED).toMatch(/^\{.*item processed/);
  });
});
