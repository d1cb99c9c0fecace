/** `deploy`, `rollback` and `releases` on a real cluster: good releases and bad ones, by an account that may do nothing else. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../cli/run.ts';
import { cluster, kubectl, read, tryKubectl, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import { type Behaviour, type Changes, load, type Releases, releasesOf } from './kubernetes-releases.ts';

beforeAll(async () => {
  await engine.up();
  await cluster.up();
});

const said = ({ stdout, stderr }: Answer): string => `${stdout}\n${stderr}`;

describe('from one release to the next, and back', () => {
  let chat: Releases;
  beforeAll(async () => {
    chat = await releasesOf('deploys');
    await chat.image('v1');
    await chat.image('v2');
  });

  it('brings what is there under its hand, v2 with all that is new in it, and all of v1 again', async () => {
    const first = await chat.deploy('v1');
    expect(first.code, said(first)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'verified, current' });
    const before = await chat.objects();
    expect(await chat.answer()).toMatchObject({ version: 'v1', tone: 'calm' });

    const more = {
      redis: {
        image: `127.0.0.1:5000/acme/${chat.name}:v1`,
        port: 6379,
        env: { PORT: '6379' },
        scale: { replicas: 1 },
      },
    };
    await chat.configure({ env: { TONE: 'cheerful' }, services: more });
    const asked = load(`${await urlOf(chat.name, chat.name)}/live`);
    const second = await chat.deploy('v2');
    expect(second.code, said(second)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'superseded', v2: 'verified, current' });
    expect(await chat.answer()).toMatchObject({ version: 'v2', tone: 'cheerful' });
    expect(await chat.objects()).toContain(`deployment.apps/${chat.name}-redis`);

    const back = await chat.rollback();
    expect(back.code, said(back)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'verified, current', v2: 'superseded' });
    expect(await chat.answer()).toMatchObject({ version: 'v1', tone: 'calm' });
    // But for what v2's pods would need to return.
    const after = await chat.objects();
    const left = after.filter(name => !before.includes(name));
    expect(left).toEqual([expect.stringMatching(/^configmap\//)]);
    expect(after.filter(name => !left.includes(name))).toEqual(before);
    const { failures } = await asked.stop();
    expect(failures).toEqual([]);
  });

  it("gives way to kubectl's own way back too", async () => {
    for (const tone of ['cheerful', 'calm']) {
      await kubectl(['rollout', 'undo', `deployment/${chat.name}`, ...chat.IN]);
      await kubectl(['rollout', 'status', `deployment/${chat.name}`, '--timeout', '60s', ...chat.IN]);
      // Former pods are asked too, until every proxy knows that they leave.
      await expect.poll(() => chat.answer(), { timeout: 30_000 }).toMatchObject({ tone });
    }
  });

  it('needs an account that may do nothing else', async () => {
    const others = [
      ['get', 'secrets/other'],
      ['list', 'secrets'],
      ['create', 'pods'],
      ['create', 'pods/exec'],
      ['create', 'rolebindings'],
      ['escalate', 'roles'],
      ['delete', 'namespaces/deploys'],
      ['delete', 'persistentvolumeclaims'],
      ['get', 'nodes'],
      ['list', 'deployments', '--namespace', 'default'],
    ];
    const account = `system:serviceaccount:${chat.name}:${chat.name}-deployer`;
    const asked = others.map(async words => {
      const where = words.includes('--namespace') ? [] : chat.IN;
      const { stdout } = await tryKubectl(['auth', 'can-i', ...words, ...where, '--as', account]);
      return `${words.join(' ')}: ${stdout.trim()}`;
    });
    expect(await Promise.all(asked)).toEqual(others.map(words => `${words.join(' ')}: no`));
  });
});

interface Bad {
  readonly how: string;
  readonly image?: Behaviour;
  readonly changes?: Changes;
  /** Of the pods that its namespace may have. */
  readonly quota?: number;
  /** The first line. */
  readonly cause: RegExp;
}

/** Each lane has a namespace of its own; what waits in one leaves the processors to the others. */
const LANES: readonly (readonly [name: string, cases: readonly Bad[]])[] = [
  [
    'crashes',
    [
      {
        how: 'crashes at its start',
        image: 'crash',
        cause:
          /^Deployment crashes: pod crashes-\S+: (?:CrashLoopBackOff|Error|Restarted) \(.*ended with 1 \(Error\)\); it said last: no model is named v2$/,
      },
      {
        how: 'lacks a key of its configuration',
        image: 'ok',
        changes: { secrets: ['ABSENT_KEY'] },
        cause:
          /^Deployment crashes: pod crashes-\S+: CreateContainerConfigError \(couldn't find key ABSENT_KEY in Secret/,
      },
      {
        how: 'brings an image that is not to be had',
        image: 'ok',
        changes: {
          services: { redis: { image: '127.0.0.1:5000/acme/none:v9', port: 6379, scale: { replicas: 1 } } },
        },
        cause:
          /^Deployment crashes-redis: pod crashes-redis-\S+: (?:ErrImagePull|ImagePullBackOff) .*not found/,
      },
    ],
  ],
  [
    'answers',
    [
      { how: 'fails its smoke test', image: 'smoke', cause: /^smoke\/chat: POST \/api\/chat: status 500/ },
      {
        how: 'is slow',
        image: 'slow',
        cause: /^smoke\/chat: POST \/api\/chat timed out: no answer began within 2000 ms/,
      },
      { how: 'says that it is another version', image: 'version', cause: /^version\S*: .*v1/ },
    ],
  ],
  [
    'starts',
    [
      {
        how: 'has no room',
        quota: 2,
        image: 'ok',
        cause: /^Deployment starts: pods "starts-\S+" is forbidden: exceeded quota: room/,
      },
      {
        how: 'is never ready',
        image: 'unready',
        cause: /^Deployment starts: pod starts-\S+: NotReady .*statuscode: 503/,
      },
    ],
  ],
];

/** Until the proxy knows of it. Not by expect.poll, which knows no test where several run at once. */
const reached = (chat: Releases) =>
  vi.waitFor(async () => expect(await chat.answer()).toMatchObject({ version: 'v1' }), {
    timeout: 30_000,
    interval: 500,
  });

/** A quota counts when the cluster has counted what is there; until then nothing is let in, for another reason. */
async function limited({ IN }: Releases, pods: number): Promise<void> {
  await kubectl(['create', 'quota', 'room', `--hard=pods=${pods}`, ...IN]);
  const counted = `jsonpath={.status.hard.pods}=${pods}`;
  await kubectl(['wait', `--for=${counted}`, 'quota/room', '--timeout', '60s', ...IN]);
}

describe.concurrent('how many copies there are', () => {
  it('stays as it is when an autoscaler takes over, and when it goes', async () => {
    const chat = await releasesOf('scales');
    await chat.image('v1');
    await chat.image('v2');
    const copies = async () =>
      (await read<{ spec: { replicas: number } }>(['deployment', chat.name, ...chat.IN])).spec.replicas;
    /** By whom: an autoscaler that sees an idle service may set it at any time. */
    const setters = async () => {
      const fields = ['deployment', chat.name, ...chat.IN, '--show-managed-fields'];
      const { metadata } = await read<{ metadata: { managedFields: Managed[] } }>(fields);
      return metadata.managedFields
        .filter(({ fieldsV1 }) => fieldsV1['f:spec']?.['f:replicas'])
        .map(({ manager }) => manager);
    };
    const first = await chat.deploy('v1', '--no-verify');
    expect(first.code, said(first)).toBe(0);
    await chat.configure({ scale: { min: 2, max: 3, cpu: '80%' } });
    const second = await chat.deploy('v2', '--no-verify');
    expect(second.code, said(second)).toBe(0);
    expect(await copies()).toBe(2);
    // What it applied is not what the number of copies follows from any more.
    expect(await setters()).not.toContain('aideploy');
    await kubectl(['scale', 'deployment', chat.name, '--replicas=3', ...chat.IN]);
    const third = await chat.deploy('v2', '--no-verify');
    expect(third.code, said(third)).toBe(0);
    expect(await setters()).not.toContain('aideploy');
    await chat.configure();
    const back = await chat.deploy('v1', '--no-verify');
    expect(back.code, said(back)).toBe(0);
    expect(await copies()).toBe(2);
    expect(await setters()).toContain('aideploy');
    expect(await chat.objects()).not.toContain('horizontalpodautoscaler.autoscaling/scales');
  });
});

describe.concurrent('a release that is bad', () => {
  it.each(LANES)('%s', async (name, cases) => {
    const chat = await releasesOf(name);
    await chat.image('v1');
    const first = await chat.deploy('v1');
    expect(first.code, said(first)).toBe(0);
    const before = await chat.objects();
    const asked = load(`${await urlOf(name, name)}/live`);
    for (const [index, { how, image, changes, quota, cause }] of cases.entries()) {
      const tag = `v${index + 2}`;
      if (image) await chat.image(tag, image, 'v2');
      await chat.configure(changes);
      if (quota) await limited(chat, quota);
      const second = await chat.deploy(tag);
      if (quota) await kubectl(['delete', 'quota', 'room', ...chat.IN]);
      expect(second.code, `${how}: ${said(second)}`).toBe(1);
      expect(second.stdout.split('\n')[0], how).toMatch(cause);
      expect(await chat.releases(), how).toMatchObject({ v1: 'verified, current', [tag]: 'failed' });
      expect(await chat.answer(), how).toMatchObject({ version: 'v1', tone: 'calm' });
      expect(await chat.objects(), how).toEqual(before);
    }
    const { asked: requests, failures } = await asked.stop();
    expect(requests).toBeGreaterThan(100);
    expect(failures).toEqual([]);
  });

  it('is stuck in a StatefulSet, which waits for a broken pod for ever', async () => {
    const chat = await releasesOf('stateful', { volume: true, scale: { replicas: 1 } });
    await chat.image('v1');
    await chat.image('v2', 'crash');
    const first = await chat.deploy('v1');
    expect(first.code, said(first)).toBe(0);
    const second = await chat.deploy('v2');
    expect(second.code, said(second)).toBe(1);
    expect(second.stdout.split('\n')[0]).toMatch(
      /^StatefulSet stateful: pod stateful-0: .*no model is named v2$/,
    );
    expect(await chat.releases()).toEqual({ v1: 'verified, current', v2: 'failed' });
    // There is one pod alone, without which nobody answers.
    await reached(chat);
  });

  it('is stopped by its migrations, or before anything is done', async () => {
    const chat = await releasesOf('migrates', { migrations: true });
    await chat.secret({ CHAT_TOKEN: 'k', DATABASE_URL: 'postgres://chat@db.example.com/chat' });
    await chat.image('v1');
    await chat.image('v2', 'migration');
    await kubectl([
      'patch',
      'service',
      chat.name,
      ...chat.IN,
      '--field-manager=other',
      '--patch',
      '{"spec":{"selector":{"app.kubernetes.io/name":"other"}}}',
    ]);
    const without = await chat.deploy('v1', '--no-verify', '--migration', 'expand');
    expect(said(without)).toMatch(/namespace migrates has no Secret migrates-db-passwords, which pods read/);
    expect(await chat.releases()).toEqual({});
    await kubectl([
      'create',
      'secret',
      'generic',
      'migrates-db-passwords',
      '--from-literal=DATABASE_OWNER_URL=x',
      ...chat.IN,
    ]);
    const theirs = await chat.deploy('v1', '--no-verify', '--migration', 'expand');
    expect(said(theirs)).toMatch(
      /^Service migrates: \.spec\.selector\S* was set by other; the release wants another value/,
    );
    expect(await read(['service', chat.name, ...chat.IN])).toMatchObject({
      spec: { selector: { 'app.kubernetes.io/name': 'other' } },
    });
    await kubectl(['delete', 'service', chat.name, ...chat.IN]);
    const first = await chat.run(
      'deploy',
      'kubernetes',
      '--tag',
      'v1',
      '--no-verify',
      '--migration',
      'expand',
    );
    expect(first.code, said(first)).toBe(0);
    const before = await chat.objects();
    // The Service is new, and nobody verified that it leads there.
    await reached(chat);
    const asked = load(`${await urlOf(chat.name, chat.name)}/live`);

    const second = await chat.deploy('v2', '--no-verify', '--migration', 'expand');
    expect(second.code, said(second)).toBe(1);
    expect(second.stdout.split('\n')[0]).toMatch(
      /^the migration failed: pod migrates-migrate-\S+: Error .*column "tone" already exists/,
    );
    expect(await chat.answer()).toMatchObject({ version: 'v1' });
    expect(await chat.objects()).toEqual(before);

    const third = await chat.deploy('v3', '--no-verify', '--migration', 'expand');
    expect(third.code).not.toBe(0);
    expect(said(third).trim().split('\n')[0]).toMatch(
      /there is no image 127\.0\.0\.1:5000\/acme\/migrates:v3: its registry knows no such tag/,
    );
    expect(await chat.answer()).toMatchObject({ version: 'v1' });
    const { asked: requests, failures } = await asked.stop();
    expect(requests).toBeGreaterThan(50);
    expect(failures).toEqual([]);
  });
});

interface Managed {
  readonly manager: string;
  readonly fieldsV1: Readonly<Record<string, Readonly<Record<string, object>>>>;
}
