import { afterEach, describe, expect, it, vi } from 'vitest';
import { look, told } from './look.ts';
import { type Saying, tools } from './tools.ts';

const CONFIG = {
  version: 1,
  name: 'chat',
  services: { api: { language: 'go', port: 8080, health: { live: '/live', ready: '/ready' } } },
  targets: { cloudrun: { project: 'my-project', region: 'us-central1' } },
};
const PROBES = ['cloudrun-revision', 'cloudrun-secrets', 'cloudrun-traffic'];
const READY = { type: 'Ready', status: 'True' };

interface Described {
  readonly image?: string;
  readonly status?: object;
  readonly traffic?: readonly object[];
  readonly conditions?: readonly object[];
}

/** In the shape that `gcloud run services describe --format=json` has. */
const described = ({ status, traffic, conditions, image }: Described = {}): Saying => ({
  asked: /^run services describe chat --project=my-project --region=us-central1 --format=json/,
  stdout: JSON.stringify({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'chat', generation: 7 },
    spec: {
      template: {
        spec: {
          containers: [
            {
              image: image ?? 'us-central1-docker.pkg.dev/my-project/chat/chat:1.4.2',
              env: [
                { name: 'KEY', valueFrom: { secretKeyRef: { name: 'chat-key', key: 'latest' } } },
                { name: 'PLAIN', value: 'x' },
              ],
            },
          ],
          volumes: [{ name: 'v', secret: { secretName: 'chat-file', items: [{ key: '3', path: 'f' }] } }],
        },
      },
    },
    status: {
      observedGeneration: 7,
      latestCreatedRevisionName: 'chat-00007',
      latestReadyRevisionName: 'chat-00007',
      conditions: conditions ?? [READY],
      traffic: traffic ?? [{ revisionName: 'chat-00007', percent: 100, latestRevision: true }],
      ...status,
    },
  }),
});
const version = (name: string, key: string, state: string): Saying => ({
  asked: new RegExp(`^secrets versions describe ${key} --secret=${name} --project=my-project`),
  stdout: JSON.stringify({ name: `projects/1/secrets/${name}/versions/3`, state }),
});
const ENABLED = [version('chat-key', 'latest', 'ENABLED'), version('chat-file', '3', 'ENABLED')];

const ask = async (sayings: readonly Saying[], expectVersion = '1.4.2') => {
  await tools({ gcloud: sayings });
  return told(await look({ config: CONFIG, flags: { platform: 'cloudrun', expectVersion }, only: PROBES }));
};
afterEach(() => vi.unstubAllEnvs());

it('passes what is ready, serves, and has its secrets', async () => {
  expect(await ask([described(), ...ENABLED])).toEqual({
    'cloudrun-revision/api': 'pass',
    'cloudrun-secrets/api': 'pass',
    'cloudrun-traffic/api': 'pass',
  });
});

it('takes a digest alone for no version', async () => {
  const image = `us-central1-docker.pkg.dev/my-project/chat/chat@sha256:${'a'.repeat(64)}`;
  expect(await ask([described({ image }), ...ENABLED], '1.5.0')).toMatchObject({
    'cloudrun-revision/api': 'pass',
  });
});

describe('what is wrong', () => {
  it.each<[string, string, RegExp, readonly Saying[], string?]>([
    [
      'a newest revision that is not ready',
      'revision',
      /^fail: chat-00008 is not ready: Image not found; chat-00007 still serves/,
      [
        described({
          status: { latestCreatedRevisionName: 'chat-00008' },
          conditions: [{ type: 'Ready', status: 'False', message: 'Image not found' }],
        }),
      ],
    ],
    [
      'a change that is not carried out',
      'revision',
      /^fail: the last change is not carried out yet/,
      [described({ status: { observedGeneration: 6 } })],
    ],
    [
      'another version',
      'revision',
      /^fail: it runs us-central1-docker\.pkg\.dev\/my-project\/chat\/chat:1\.4\.2/,
      [described()],
      '1.5.0',
    ],
    [
      'traffic that is pinned to an old revision',
      'traffic',
      /^fail: 100 % on chat-00005/,
      [
        described({
          traffic: [
            { revisionName: 'chat-00005', percent: 100 },
            { latestRevision: true, percent: 0 },
          ],
        }),
      ],
    ],
    [
      'traffic that is split',
      'traffic',
      /^fail: 10 % on chat-00007, 90 % on chat-00006/,
      [
        described({
          traffic: [
            { revisionName: 'chat-00007', percent: 10, latestRevision: true },
            { revisionName: 'chat-00006', percent: 90 },
          ],
        }),
      ],
    ],
    [
      'a secret that is disabled',
      'secrets',
      /^fail: version 3 of chat-key is disabled/,
      [described(), version('chat-key', 'latest', 'DISABLED')],
    ],
    [
      'a secret that is not there',
      'secrets',
      /^fail: chat-key has no version latest/,
      [
        described(),
        {
          asked: /^secrets/,
          stderr: 'ERROR: (gcloud.secrets.versions.describe) NOT_FOUND: Secret Version [x] not found.',
          code: 1,
        },
      ],
    ],
    [
      'a service that is not there',
      'traffic',
      /^fail: there is no service chat in us-central1 of my-project/,
      [
        {
          asked: /^run/,
          stderr: 'ERROR: (gcloud.run.services.describe) Cannot find service [chat]',
          code: 1,
        },
      ],
    ],
    [
      'nobody who is logged in',
      'revision',
      /^error: gcloud: ERROR: .*do not currently have an active account/,
      [
        {
          asked: /^run/,
          stderr:
            'ERROR: (gcloud.run.services.describe) You do not currently have an active account selected.',
          code: 1,
        },
      ],
    ],
    [
      'an account that may not look',
      'secrets',
      /^error: gcloud: ERROR: .*PERMISSION_DENIED/,
      [described(), { asked: /^secrets/, stderr: 'ERROR: (gcloud.secrets) PERMISSION_DENIED: no', code: 1 }],
    ],
  ])('%s', async (_, probe, seen, sayings, expectVersion) => {
    expect((await ask(sayings, expectVersion))[`cloudrun-${probe}/api`]).toMatch(seen);
  });
});

it('says so where traffic is on the newest revision, but pinned by name', async () => {
  await tools({ gcloud: [described({ traffic: [{ revisionName: 'chat-00007', percent: 100 }] })] });
  const [result] = await look({
    config: CONFIG,
    flags: { platform: 'cloudrun' },
    only: ['cloudrun-traffic'],
  });
  expect(result).toMatchObject({ status: 'pass', message: expect.stringContaining('pinned by name') });
});

it('is an error of the observer where there is no gcloud', async () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(
    Object.values(told(await look({ config: CONFIG, flags: { platform: 'cloudrun' }, only: PROBES }))),
  ).toEqual(PROBES.map(() => 'error: gcloud is not installed here'));
});
