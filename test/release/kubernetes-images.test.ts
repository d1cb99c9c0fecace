import { describe, expect, test } from 'vitest';
import { imagesOf } from '../../src/cli/release/options.ts';
import { type Found, pinned } from '../../src/release/strategies/kubernetes/images.ts';
import { minimal } from '../config/fixtures.ts';
import { modelOf } from '../model/models.ts';
import { fakeCluster } from './kubernetes-cluster.ts';

const signal = new AbortController().signal;
const DIGEST = `sha256:${'b'.repeat(64)}`;
const BUILT = `ghcr.io/acme/somewhere-else@${DIGEST}`;

const container = (name: string, image: string) => ({ name, image });
const objects = (image: string) => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'chat' },
    spec: { template: { spec: { containers: [container('chat', image)] } } },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'chat-migrate' },
    spec: { jobTemplate: { spec: { template: { spec: { containers: [container('migrate', image)] } } } } },
  },
];

async function found(more: string, image: string, images: Readonly<Record<string, string>>): Promise<Found> {
  const model = modelOf(minimal(`targets: {kubernetes: {}}\n${more}`));
  const place = { cluster: fakeCluster(), model, namespace: 'chat', project: 'chat', images };
  const { value, obstacle } = await pinned(place, objects(image), signal);
  if (obstacle) throw new Error(obstacle.why);
  return value;
}

describe('an image whose digest is known', () => {
  test.each([
    ['that the configuration names', 'image: {registry: 127.0.0.1:9/acme}', '127.0.0.1:9/acme/chat:v1'],
    ['without a registry in the configuration', '', 'chat:v1'],
  ])('%s is that wherever its repository stands, and no registry is asked', async (_, more, image) => {
    const { objects: made, images } = await found(more, image, { api: BUILT });
    const wanted = `ghcr.io/acme/somewhere-else:v1@${DIGEST}`;
    expect(images).toEqual({ api: wanted });
    expect(JSON.stringify(made).match(/"image":"[^"]*"/g)).toEqual([
      `"image":"${wanted}"`,
      `"image":"${wanted}"`,
    ]);
  });

  test('leaves the images of others as they are', async () => {
    const { objects: made } = await found('', 'redis:8@sha256:1', { api: BUILT });
    expect(JSON.stringify(made)).not.toContain('somewhere-else');
  });
});

describe('--image', () => {
  test('names a service and its image', () => {
    expect(imagesOf([`api=${BUILT}`], 'kubernetes', ['api', 'web'])).toEqual({ api: BUILT });
    expect(imagesOf([], 'compose', ['api'])).toEqual({});
  });

  test.each([
    ['a tag', ['api=ghcr.io/acme/chat:v1'], 'kubernetes', /write it as <service>=<image>@sha256:/],
    ['half a digest', ['api=chat@sha256:abc'], 'kubernetes', /write it as/],
    ['no service', [BUILT], 'kubernetes', /write it as/],
    ['a service that is not there', [`apj=${BUILT}`], 'kubernetes', /no service apj; did you mean api\?/],
    ['another platform', [`api=${BUILT}`], 'compose', /on cloudrun and kubernetes only/],
  ])('%s is refused', (_, given, platform, why) => {
    expect(() => imagesOf(given, platform, ['api'])).toThrow(why);
  });
});
