/** `verify --platform kubernetes` on a real cluster: a rendered overlay, good, and broken one way after the other. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { aideploy, project } from '../cli/run.ts';
import { look, told } from '../verify/look.ts';
import { cluster, kubectl, ownNamespace, rolledOut } from './cluster.ts';
import { bases, buildImage, engine } from './docker.ts';

/** Serves until it is told otherwise: a program is only as broken as BEHAVIOUR says. */
const SERVER = `#!/usr/bin/env python3
import http.server, os, signal, sys
behaviour = os.environ['BEHAVIOUR']
if behaviour == 'crash': sys.exit('no key for the provider')
class Handler(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    self.send_response(503 if behaviour == 'unready' and self.path == '/ready' else 200)
    self.end_headers()
  def log_message(self, *_): pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Handler).serve_forever()
`;
const NAME = 'verified';
const DOMAIN = 'verified.example.com';
const IMAGE = `registry.example.com/acme/${NAME}`;
const DEPLOYMENT = `deployment/${NAME}`;
const IN = ['--namespace', NAME];
const PROBES = ['rollout', 'endpoints', 'autoscaler', 'disruption', 'certificate', 'images', 'drift'].map(
  each => `kubernetes-${each}`,
);
const CONFIG = {
  version: 1,
  name: NAME,
  domain: DOMAIN,
  image: { registry: 'registry.example.com/acme' },
  services: {
    api: {
      language: 'go',
      port: 8080,
      metrics: false,
      health: { live: '/live', ready: '/ready' },
      timeouts: { request: '2s', llm: '1s', startup: '10s', drain: '3s', drainDelay: '0s' },
      resources: { cpu: { request: '20m', limit: '500m' }, memory: { request: '32Mi', limit: '64Mi' } },
      scale: { min: 2, max: 3, cpu: '80%' },
      env: { PORT: '${port}' },
      secrets: ['BEHAVIOUR'],
      public: true,
    },
  },
  targets: {
    kubernetes: { expose: { kind: 'ingress', class: 'nginx', issuer: 'letsencrypt' }, monitor: false },
  },
};

let folder: string;
const overlay = () => join(folder, 'deploy/k8s/overlays/production');
const ask = async (only: readonly string[], expectVersion = 'v1') =>
  told(await look({ config: CONFIG, root: folder, only, flags: { platform: 'kubernetes', expectVersion } }));
const render = async (...flags: string[]) => {
  const { code, stdout, stderr } = await aideploy(['render', ...flags], { cwd: folder });
  expect(code, stdout + stderr).toBe(0);
};
const secret = async (kind: readonly string[], name: string) => {
  const made = await kubectl([
    'create',
    'secret',
    ...kind.slice(0, 1),
    name,
    ...kind.slice(1),
    ...IN,
    '--dry-run=client',
    '--output=yaml',
  ]);
  await kubectl(['apply', '--server-side', '--force-conflicts', '--filename', '-'], made);
};
const behave = (how: string) => secret(['generic', `--from-literal=BEHAVIOUR=${how}`], `${NAME}-secrets`);
const certificate = async (domain: string, days: number) => {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const names = ['-subj', '/CN=x', '-addext', `subjectAltName=DNS:${domain}`];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      String(days),
      ...names,
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'pipe' },
  );
  await secret(['tls', `--cert=${cert}`, `--key=${key}`], await tlsSecret());
};
const tlsSecret = async () => {
  const { items } = JSON.parse(await kubectl(['get', 'ingress', ...IN, '--output', 'json'])) as {
    items: { spec: { tls: { secretName: string }[] } }[];
  };
  return items[0]?.spec.tls[0]?.secretName ?? '';
};
const install = async () => {
  await kubectl(['apply', '--kustomize', overlay()]);
  await rolledOut(NAME, DEPLOYMENT);
};

beforeAll(async () => {
  await engine.up();
  await cluster.up();
  await cluster.install('cert-manager');
  for (const [key, value] of Object.entries(cluster.env())) vi.stubEnv(key, value);
  folder = await project({ 'aideploy.yaml': stringify(CONFIG) });
  await render('--tag', 'v1');
  const context = await project({
    Dockerfile: `FROM ${bases.python}\nCOPY --chmod=755 server /server\nUSER 10001\nENTRYPOINT ["/server"]\n`,
    server: SERVER,
  });
  await buildImage({ context, tag: `${NAME}:v1` });
  await cluster.load(`${NAME}:v1=${IMAGE}:v1`);
  await ownNamespace(NAME);
  await kubectl(['apply', '--filename', join(overlay(), 'namespace.yaml')]);
  await behave('ok');
  await install();
  await certificate(DOMAIN, 60);
});

const GOOD = Object.fromEntries(
  PROBES.map(id => [['kubernetes-certificate', 'kubernetes-drift'].includes(id) ? id : `${id}/api`, 'pass']),
);

describe('an overlay that is as it was rendered', () => {
  it('passes every probe, as soon as its autoscaler has seen some load', async () => {
    await vi.waitFor(async () => expect(await ask(PROBES)).toEqual(GOOD), {
      timeout: 300_000,
      interval: 3_000,
    });
  });

  it('takes the running version for right where the rendered files leave it open', async () => {
    await render();
    expect(await ask(['kubernetes-drift'])).toEqual({ 'kubernetes-drift': 'pass' });
    await render('--tag', 'v1');
  });
});

describe('an overlay that is broken', () => {
  const reinstall = async () => {
    await kubectl(['delete', DEPLOYMENT, ...IN, '--ignore-not-found', '--wait', '--cascade=foreground']);
    await behave('ok');
    await install();
  };
  const replace = (object: string) => async () => {
    await kubectl(['delete', object, ...IN, '--ignore-not-found']);
    await install();
  };
  let mend: () => Promise<unknown> = reinstall;
  afterEach(() => mend());

  interface Break {
    readonly how: string;
    readonly by: () => Promise<unknown>;
    readonly mended?: () => Promise<unknown>;
    readonly probe: string;
    readonly version?: string;
    readonly seen: RegExp;
  }
  const behaving = (how: string) => async () => {
    await behave(how);
    await kubectl(['rollout', 'restart', DEPLOYMENT, ...IN]);
  };
  const patch = (object: string, change: object) =>
    kubectl(['patch', object, ...IN, '--patch', JSON.stringify(change)]);
  const BREAKS: readonly Break[] = [
    {
      how: 'a crash loop',
      by: behaving('crash'),
      probe: 'rollout',
      seen: /^fail: (?:1 of 2 pods are new|1 old pod is left); pod verified-\S+: (?:CrashLoopBackOff|Error) \(.*ended with 1 \(Error\)\).*it said last: no key for the provider/,
    },
    {
      how: 'an image that is not there',
      by: () => kubectl(['set', 'image', DEPLOYMENT, `${NAME}=${IMAGE}:gone`, ...IN]),
      probe: 'rollout',
      seen: /^fail: (?:1 of 2 pods are new|1 old pod is left); pod verified-\S+: (?:ErrImagePull|ImagePullBackOff) \(.*; event \w+: .*gone/,
    },
    {
      how: 'a readiness probe that says no',
      by: behaving('unready'),
      probe: 'rollout',
      seen: /^fail: (?:1 of 2 pods are new|1 old pod is left); pod verified-\S+: NotReady .*event Unhealthy: Readiness probe failed.*503/,
    },
    {
      how: 'a secret that is not there',
      by: async () => {
        await kubectl(['delete', 'secret', `${NAME}-secrets`, ...IN]);
        await kubectl(['rollout', 'restart', DEPLOYMENT, ...IN]);
      },
      probe: 'rollout',
      seen: /^fail: .*CreateContainerConfigError \(secret "verified-secrets" not found\)/,
    },
    {
      how: 'a pod that no node has room for',
      by: () =>
        patch(DEPLOYMENT, {
          spec: {
            template: {
              spec: {
                containers: [{ name: NAME, resources: { requests: { cpu: '400' }, limits: { cpu: '400' } } }],
              },
            },
          },
        }),
      probe: 'rollout',
      seen: /^fail: .*Unschedulable \(0\/1 nodes are available/,
    },
    {
      how: 'a quota that lets no pod in',
      by: async () => {
        await kubectl(['create', 'quota', 'none', '--hard=pods=0', ...IN]);
        await kubectl(['rollout', 'restart', DEPLOYMENT, ...IN]);
      },
      mended: async () => {
        await kubectl(['delete', 'quota', 'none', ...IN]);
        await reinstall();
      },
      probe: 'rollout',
      seen: /^fail: 0 of [12] pods are new \(.*exceeded quota: none/,
    },
    {
      how: 'a rollout that was halted',
      by: async () => {
        await kubectl(['rollout', 'pause', DEPLOYMENT, ...IN]);
        await kubectl(['set', 'env', DEPLOYMENT, 'NEXT=1', ...IN]);
      },
      probe: 'rollout',
      seen: /^fail: 0 of [12] pods are new/,
    },
    {
      how: 'an old replica that was left',
      by: () =>
        kubectl(
          ['create', '--filename', '-'],
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'left', namespace: NAME, labels: { 'app.kubernetes.io/name': NAME } },
            spec: stray,
          }),
        ),
      mended: () => kubectl(['delete', 'pod', 'left', ...IN, '--ignore-not-found', '--now']),
      probe: 'images',
      seen: /^fail: left still runs registry\.example\.com\/acme\/verified:v0$/,
    },
    {
      how: 'another version than was asked for',
      by: async () => undefined,
      mended: async () => undefined,
      probe: 'images',
      version: 'v2',
      seen: /^fail: verified is made from registry\.example\.com\/acme\/verified:v1/,
    },
    {
      how: 'a deployment that is gone',
      by: () => kubectl(['delete', DEPLOYMENT, ...IN]),
      probe: 'rollout',
      seen: /^fail: there is no Deployment verified in verified/,
    },
    {
      how: 'a Service that leads nowhere',
      by: () => patch('service/verified', { spec: { selector: { 'app.kubernetes.io/name': 'other' } } }),
      mended: replace('service/verified'),
      probe: 'endpoints',
      seen: /^fail: its selector meets no pod/,
    },
    {
      how: 'an autoscaler without its metric',
      by: () =>
        patch('hpa/verified', {
          spec: {
            metrics: [
              {
                type: 'Pods',
                pods: {
                  metric: { name: 'nobody_has_it' },
                  target: { type: 'AverageValue', averageValue: '1' },
                },
              },
            ],
          },
        }),
      mended: replace('hpa/verified'),
      probe: 'autoscaler',
      seen: /^fail: ScalingActive is False: .*nobody_has_it/,
    },
    {
      how: 'no disruption budget',
      by: () => kubectl(['delete', 'pdb', NAME, ...IN]),
      mended: install,
      probe: 'disruption',
      seen: /^fail: there is no PodDisruptionBudget verified/,
    },
    {
      how: 'a certificate for another name',
      by: () => certificate('other.example.com', 60),
      mended: () => certificate(DOMAIN, 60),
      probe: 'certificate',
      seen: /^fail: the certificate is for DNS:other\.example\.com/,
    },
    {
      how: 'a certificate that is about to expire',
      by: () => certificate(DOMAIN, 9),
      mended: () => certificate(DOMAIN, 60),
      probe: 'certificate',
      seen: /^fail: [89] days left/,
    },
    {
      how: 'a variable that somebody set by hand',
      by: () => kubectl(['set', 'env', DEPLOYMENT, 'DEBUG=1', ...IN]),
      probe: 'drift',
      seen: /^fail: Deployment verified: kubectl-set set .*DEBUG/,
    },
    {
      how: 'a number that somebody changed',
      by: () => patch(DEPLOYMENT, { spec: { template: { spec: { terminationGracePeriodSeconds: 3 } } } }),
      probe: 'drift',
      seen: /^fail: Deployment verified: \/spec\/template\/spec\/terminationGracePeriodSeconds is 3, rendered \d+/,
    },
    {
      how: 'an object that somebody deleted',
      by: () => kubectl(['delete', 'pdb', NAME, ...IN]),
      mended: install,
      probe: 'drift',
      seen: /^fail: PodDisruptionBudget verified: it is not there/,
    },
  ];
  const stray = {
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: NAME,
        image: `${IMAGE}:v0`,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  };

  it.each(BREAKS)('$how', async ({ by, mended, probe, version, seen }) => {
    mend = mended ?? reinstall;
    await by();
    await vi.waitFor(
      async () =>
        expect(Object.values(await ask([`kubernetes-${probe}`], version))).toEqual([
          expect.stringMatching(seen),
        ]),
      { timeout: 120_000, interval: 1_000 },
    );
  });
});

describe('an observer that cannot look', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'a kubeconfig that is not there',
      async () => '/nowhere/kubeconfig',
      /^error: the kubeconfig cannot be read: .*nowhere/,
    ],
    [
      'an API server that does not answer',
      () =>
        changed(config => {
          for (const each of config.clusters) each.cluster.server = 'https://127.0.0.1:9';
        }),
      /^error: the API server https:\/\/127\.0\.0\.1:9 does not answer: .*ECONNREFUSED/,
    ],
    [
      'an account that may see nothing',
      () =>
        changed(async config => {
          const token = (await kubectl(['create', 'token', 'default', ...IN])).trim();
          config.users = [{ name: config.users[0]?.name ?? '', user: { token } }];
        }),
      /^error: the API server answers 403 .*forbidden/,
    ],
  ])('%s', async (_, kubeconfig, seen) => {
    const real = process.env['KUBECONFIG'];
    vi.stubEnv('KUBECONFIG', await kubeconfig());
    const results = await ask(PROBES);
    vi.stubEnv('KUBECONFIG', real);
    expect(Object.values(results)).toEqual(PROBES.map(() => expect.stringMatching(seen)));
  });
});

interface KubeConfig {
  readonly clusters: { cluster: { server: string } }[];
  users: { name: string; user: object }[];
}

async function changed(change: (config: KubeConfig) => void | Promise<void>): Promise<string> {
  const config = parse(await kubectl(['config', 'view', '--raw', '--output', 'yaml'])) as KubeConfig;
  await change(config);
  const file = join(await project(), 'kubeconfig');
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}
