/** `deploy` and `rollback` of a service with its own database in a cluster: backup, migrations, restore; and by another tool. */
import { beforeAll, describe, expect, it } from 'vitest';
import { aideploy } from '../cli/run.ts';
import { cluster, kubeconfigOf, kubectl, ownNamespace, read, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import {
  type Deployed,
  fillSecrets,
  namespaceOf,
  projectOf,
  SERVICES,
  unitOf,
} from './kubernetes-services.ts';

const found = SERVICES.find(({ name }) => name === 'go-postgres');
if (!found) throw new Error('there is no service with a database');
const api = found.services['api'] as object;
const deployed: Deployed = {
  ...found,
  registry: '127.0.0.1:5000/acme',
  services: {
    api: {
      ...api,
      public: false,
      scale: { replicas: 2 },
      smoke: [
        { name: 'stream', path: '/api/chat/stream?q=hi', expect: { sse: { minEvents: 2, end: '[DONE]' } } },
      ],
    },
  },
  targets: { backup: {}, database: {}, kubernetes: { monitor: false } },
};
const namespace = namespaceOf(deployed, 'production');
const unit = unitOf(deployed);
const IN = ['--namespace', namespace];

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

let folder: string;
let env: Record<string, string> = {};
const run = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await aideploy(args, { cwd: folder, env });
  expect(code, stdout + stderr).toBe(0);
  return stdout + stderr;
};
const heartbeat = async (id: string): Promise<void> => {
  const body = JSON.stringify({ id, hostname: id, details: {} });
  const headers = { 'content-type': 'application/json' };
  const url = `${await urlOf(namespace, unit)}/api/agents/heartbeat`;
  const send = async () => (await fetch(url, { method: 'POST', headers, body })).ok;
  // Nobody verified the first release: the proxy may still have to hear of it.
  await expect.poll(send, { timeout: 30_000 }).toBe(true);
};
const agents = async (): Promise<string> =>
  (await fetch(`${await urlOf(namespace, unit)}/api/agents`)).text();
const images = async (): Promise<string[]> => {
  const { items } = await read<{ items: Pod[] }>([
    'pods',
    ...IN,
    '--selector',
    `app.kubernetes.io/name=${unit}`,
  ]);
  const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return staying.flatMap(({ spec }) =>
    spec.containers.map(({ image }) => image.replace(/^.*:(v\d+)@sha256:[0-9a-f]{64}$/, '$1 by its digest')),
  );
};

beforeAll(async () => {
  await engine.up();
  await cluster.up();
  await cluster.load('testbed.local/postgres:15=postgres:15-bookworm');
  folder = await projectOf(deployed);
  // No committed file holds a tag.
  await run('render');
  await ownNamespace(namespace);
  for (const file of ['namespace', 'deployer'])
    await kubectl(['apply', '--filename', `${folder}/deploy/k8s/overlays/production/${file}.yaml`]);
  await fillSecrets(folder, namespace);
  env = { ...cluster.env(), KUBECONFIG: await kubeconfigOf(namespace, `${unit}-deployer`) };
});

describe('a service with its own database', () => {
  it('is deployed with it, after its migrations; before the next ones there is a backup', async () => {
    const first = await run('deploy', 'kubernetes', '--tag', 'v1', '--migration', 'expand', '--no-verify');
    expect(first).toContain('there is nothing to back up yet');
    expect(first).toMatch(/ok run the migrations of v1/);
    await heartbeat('before');
    const verified = await run(
      'deploy',
      'kubernetes',
      '--tag',
      'v1',
      '--migration',
      'expand',
      '--url',
      await urlOf(namespace, unit),
    );
    expect(verified).toContain('it ran before');
    const second = await run(
      'deploy',
      'kubernetes',
      '--tag',
      'v2',
      '--migration',
      'expand',
      '--url',
      await urlOf(namespace, unit),
    );
    expect(second).toMatch(/ok back up the database before v2 (?!.*nothing to back up)/);
    expect(second).toMatch(/ok run the migrations of v2/);
    expect(await images()).toEqual(['v2 by its digest', 'v2 by its digest']);
  });

  it('goes back with the data of the backup, and the new ones are in a dump', async () => {
    await heartbeat('after');
    expect(await agents()).toContain('after');
    const back = await run(
      'rollback',
      'kubernetes',
      '--with-database',
      'latest',
      '--yes',
      '--url',
      await urlOf(namespace, unit),
    );
    expect(back).toMatch(/ok restore the backup latest, after a dump of the database as it is/);
    expect(await images()).toEqual(['v1 by its digest', 'v1 by its digest']);
    expect(await agents()).toContain('before');
    expect(await agents()).not.toContain('after');
    const jobs = ['jobs', ...IN, '--selector', `app.kubernetes.io/name=${unit}-migrate`];
    await expect.poll(() => kubectl(['get', ...jobs, '--output', 'name']), { timeout: 30_000 }).toBe('');
  });

  it('is recorded when another tool applies it', async () => {
    const deploying = ['deploy', 'kubernetes', '--tag', 'v2', '--record-only', '--migration', 'expand'];
    const waiting = run(...deploying, '--url', await urlOf(namespace, unit));
    const overlay = await kubectl(['kustomize', `${folder}/deploy/k8s/overlays/production`]);
    await kubectl(
      [
        'apply',
        '--server-side',
        '--force-conflicts',
        '--field-manager',
        'argocd-controller',
        '--filename',
        '-',
      ],
      overlay.replaceAll('tag-not-set', 'v2'),
    );
    expect(await waiting).toMatch(/ok wait until somebody has applied v2/);
    const { releases } = JSON.parse(
      await run('releases', '--platform', 'kubernetes', '--format', 'json'),
    ) as {
      releases: { id: string; status: string; current: boolean }[];
    };
    expect(releases.filter(({ current }) => current)).toMatchObject([{ status: 'verified' }]);
  });
});
