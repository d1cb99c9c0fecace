/** A project on a Cloud Run that stands in: documented command lines alone, the rendered deploy.sh, real requests. */
import { vi } from 'vitest';
import type { Ending, Verdict } from '../../src/release/run.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { createEngine } from '../../src/render/engine.ts';
import { cloudrun } from '../../src/targets/cloudrun/index.ts';
import { createPlace, DIGEST, type Place, type World } from '../targets/cloudrun/place.ts';
import { deployOf, modelOf, rollbackOf, strategyAt } from './cloudrun-run.ts';

export const CONFIGURATION = `
version: 1
name: chat
image: {registry: us-central1-docker.pkg.dev/some-project/chat}
services:
  api:
    language: go
    port: 8080
    health: {live: /health/live, ready: /health/ready}
    secrets: [KEY_ONE, {name: KEY_TWO, optional: true}]
    files: [{path: /etc/chat/config.yaml, source: config.yaml}]
    public: true
targets:
  cloudrun: {project: some-project, region: us-central1}
verify: {attempts: 2, interval: 1s, timeout: 5s}
`;
const ACCOUNT = 'chat-cloudrun@some-project.iam.gserviceaccount.com';
export const IMAGE = 'us-central1-docker.pkg.dev/some-project/chat/chat';
const artifacts = cloudrun.render(modelOf(CONFIGURATION), await createEngine());

export let place: Place;
/** After each test. */
export async function left(): Promise<void> {
  vi.unstubAllEnvs();
  await place.end();
}

export const digestOf = (tag: string) => `${DIGEST.slice(0, -1)}${tag.at(-1)}`;

/** A project whose images and secrets are there, and nothing is deployed. */
export async function prepared(): Promise<Strategy> {
  vi.unstubAllEnvs();
  place = await createPlace(CONFIGURATION, { 'config.yaml': 'a: 1\n' });
  for (const [name, value] of Object.entries(place.env)) vi.stubEnv(name, value);
  const secret = (...data: string[]) => ({
    versions: data.map(each => ({ data: Buffer.from(each).toString('base64'), state: 'ENABLED' })),
    policy: { 'roles/secretmanager.secretAccessor': [`serviceAccount:${ACCOUNT}`] },
  });
  place.change(world => {
    Object.assign(world, {
      apis: ['run', 'secretmanager', 'artifactregistry'].map(each => `${each}.googleapis.com`),
      accounts: [ACCOUNT],
      secrets: { 'key-one': secret('one'), 'key-two': secret(), 'chat-file-1': secret() },
      images: Object.fromEntries(['v1', 'v2', 'v3'].map(tag => [`${IMAGE}:${tag}`, digestOf(tag)])),
    } satisfies Partial<World>);
  });
  return strategy();
}

export const strategy = (images = {}) => strategyAt(place.folder, CONFIGURATION, images);

export const never = () => new AbortController().signal;
const files = artifacts
  .map(({ path, content, mode = 0o644 }) => ({ path, content, mode }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));
export const deploying = async (
  tag: string,
  verdicts: Verdict[] = [],
  signal = never(),
  images = {},
): Promise<Ending> =>
  deployOf(await strategy(images), { tag, configuration: CONFIGURATION, files }, signal, verdicts);

export const goingBack = async (signal = never()): Promise<Ending> => rollbackOf(await strategy(), signal);

export const chat = () => {
  const service = place.world().services['chat'];
  if (!service) throw new Error('the service is not there');
  return service;
};
const releaseOf = (revision: string) => chat().revisions[revision]?.annotations['aideploy/release'];
/** `v1=100`, with `latest` where it is not pinned. */
export const shares = () =>
  chat().traffic.flatMap(({ revisionName, percent, latestRevision }) =>
    percent ? [`${releaseOf(revisionName)}=${percent}${latestRevision ? ' latest' : ''}`] : [],
  );
export const record = async () => {
  const { value = [] } = await (await strategy()).store.releases(never());
  return value.map(({ id, status }) => `${id} ${status}`);
};
export const standing = async () => (await (await strategy()).inspect(never())).value;
