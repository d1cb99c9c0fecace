/** The same scripts for services of other shapes: gRPC, several that call each other, public ones, values that are odd. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { buildModel } from '../../../src/model/build.ts';
import { cloudrun } from '../../../src/targets/cloudrun/index.ts';
import { createPlace, DIGEST, digest, type Place } from './place.ts';

vi.setConfig({ testTimeout: 120_000 });

const SETTINGS = 'project: some-project, region: us-central1';
const REGISTRY = 'us-central1-docker.pkg.dev/some-project/chat';
const HEALTH = 'health: {live: /live, ready: /ready}';

let place: Place | undefined;
afterEach(async () => {
  await place?.end();
  place = undefined;
});

const configuration = (services: string, target = '', more = '') =>
  `version: 1\nname: chat\nimage: {registry: ${REGISTRY}}\nservices:\n${services}\n` +
  `targets: {cloudrun: {${SETTINGS}${target}}}\nverify: {attempts: 2, interval: 1s}\n${more}`;

async function arranged(text: string): Promise<Place> {
  const made = await createPlace(text);
  place = made;
  expect(await made.run('setup.sh')).toMatchObject({ code: 0 });
  return made;
}

const deploy = (at: Place, ...flags: string[]) =>
  at.run('deploy.sh', ['--tag', '1.0', '--digest', DIGEST, ...flags]);

describe('gRPC', () => {
  const text = configuration(
    `  api: {language: go, port: 8080, ${HEALTH}, grpc: {port: 50051}}`,
    ', port: grpc',
  );

  test.each<[string, number, number]>([
    ['serves and says so', 0, 0],
    ['serves, and knows no health', 12, 0],
    ['is unavailable', 14, 1],
  ])('a program that %s', async (_, status, code) => {
    const at = await arranged(text);
    at.behave(() => status);
    expect(await deploy(at)).toMatchObject({ code });
    expect(at.requests[0]).toMatchObject({
      path: '/grpc.health.v1.Health/Check',
      token: expect.stringMatching(/^Bearer /),
    });
  });
});

describe('several services', () => {
  const text = configuration(
    `  web: {language: node, port: 3000, ${HEALTH}, env: {API: "\${services.api.url}/v1", AT: "\${services.api.host}"}, dependsOn: [api]}\n` +
      `  api: {language: go, port: 8080, ${HEALTH}}`,
  );
  const traffic = (at: Place) =>
    Object.fromEntries(
      Object.entries(at.world().services).map(([name, service]) => [
        name,
        service.traffic
          .filter(({ percent }) => percent)
          .map(({ revisionName }) => Object.keys(service.revisions).indexOf(revisionName)),
      ]),
    );

  test('those that are called come first, and their hosts are known to those that call', async () => {
    const at = await arranged(text);
    expect(await deploy(at)).toMatchObject({ code: 0 });
    expect(Object.keys(at.world().services)).toEqual(['chat-api', 'chat-web']);
    const [web] = Object.values(at.world().services['chat-web']?.revisions ?? {});
    expect(JSON.stringify(web?.spec)).toContain('"value":"https://chat-api-abc123-uc.a.run.app/v1"');
    expect(JSON.stringify(web?.spec)).toContain('"value":"chat-api-abc123-uc.a.run.app"');
  });

  test('all of them are verified before one gets traffic, and all go back', async () => {
    const at = await arranged(text);
    await deploy(at);
    at.behave(({ host }) => (host.startsWith('candidate---chat-web') ? 503 : 200));
    expect(await at.run('deploy.sh', ['--tag', '1.1', '--digest', digest('b')])).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not well'),
    });
    expect(traffic(at)).toEqual({ 'chat-api': [0], 'chat-web': [0] });
    at.behave(({ host }) => (host.startsWith('chat-web') ? 503 : 200));
    expect(await at.run('deploy.sh', ['--tag', '1.2', '--digest', digest('c')])).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not well'),
    });
    expect(traffic(at)).toEqual({ 'chat-api': [0], 'chat-web': [0] });
  });

  test('--only leaves the others alone', async () => {
    const at = await arranged(text);
    await deploy(at);
    const only = ['--only', 'chat-web', '--digest', `chat-web=${digest('b')}`];
    expect(await at.run('deploy.sh', ['--tag', '1.1', ...only])).toMatchObject({ code: 0 });
    expect(traffic(at)).toEqual({ 'chat-api': [0], 'chat-web': [1] });
    expect(await at.run('rollback.sh', ['--only', 'chat-web'])).toMatchObject({ code: 0 });
    expect(traffic(at)).toEqual({ 'chat-api': [0], 'chat-web': [0] });
  });
});

test('a public service is asked without a token, and the scripts warn', async () => {
  const at = await arranged(configuration(`  api: {language: go, port: 8080, ${HEALTH}}`, ', public: true'));
  expect(await deploy(at)).toMatchObject({ code: 0 });
  expect(at.requests.every(({ token }) => token === undefined)).toBe(true);
  const ending = await at.run('setup.sh');
  expect(ending.said).toMatch(/WARNING: everybody may call chat/);
  expect(at.world().services['chat']?.policy).toEqual({ 'roles/run.invoker': ['allUsers'] });
});

test('another registry is fetched through a repository, and the image is pulled from that', async () => {
  const text = configuration(`  api: {language: go, port: 8080, ${HEALTH}}`).replace(
    REGISTRY,
    'ghcr.io/acme',
  );
  const at = await createPlace(text);
  place = at;
  const flags = [
    '--upstream-user',
    'me',
    '--upstream-secret',
    'projects/some-project/secrets/ghcr/versions/1',
  ];
  expect(await at.run('setup.sh', flags)).toMatchObject({ code: 0 });
  expect(at.world().repositories).toMatchObject({
    'some-project/us-central1/ghcr-io': { remote: 'https://ghcr.io' },
  });
  expect(await deploy(at)).toMatchObject({ code: 0 });
  const [revision] = Object.values(at.world().services['chat']?.revisions ?? {});
  expect(JSON.stringify(revision?.spec)).toContain(
    `"us-central1-docker.pkg.dev/some-project/ghcr-io/acme/chat@${DIGEST}"`,
  );
});

test('without a registry the images are in the repository that setup.sh makes', async () => {
  const at = await arranged(
    configuration(`  api: {language: go, port: 8080, ${HEALTH}}`).replace(/image: .*\n/, ''),
  );
  expect(Object.keys(at.world().repositories)).toEqual(['some-project/us-central1/chat']);
  at.change(world => {
    world.images[`${REGISTRY}/chat:1.0`] = DIGEST;
  });
  expect(await at.run('deploy.sh', ['--tag', '1.0'])).toMatchObject({ code: 0 });
});

test('paths that Google keeps to itself are not asked from outside', async () => {
  const at = await arranged(
    configuration('  api: {language: go, port: 8080, health: {live: /healthz, ready: /readyz}}'),
  );
  at.behave(({ path }) => (path === '/' ? 404 : 500));
  expect(await deploy(at)).toMatchObject({ code: 0 });
});

const ODD = [
  '$HOME $(id) `id` \\ " \' # | & ; < > * ? [ ] { } ! %',
  '${AIDEPLOY_IMAGE}',
  '$${AIDEPLOY_TAG}$',
  'first\nsecond\r\n',
  '\u2028 – 日本語 🚀 \t',
  '{{mustache}} {{{triple}}}',
  ': - @ "',
  '',
];

test('values of any kind reach the revision as they are written', async () => {
  const env = Object.fromEntries(ODD.map((value, i) => [`ODD_${i}`, value.replaceAll('${', () => '$${')]));
  const text = configuration(
    `  api: {language: go, port: 8080, ${HEALTH}, env: ${JSON.stringify({ ...env, MIXED: '$${x}${tag}$' })}, args: ${JSON.stringify(Object.values(env))}}`,
  );
  const at = await arranged(text);
  expect(await deploy(at)).toMatchObject({ code: 0 });
  const [revision] = Object.values(at.world().services['chat']?.revisions ?? {});
  if (!revision) throw new Error('there is no revision');
  const [container] = (
    revision.spec as { containers: { args: string[]; env: { name: string; value: string }[] }[] }
  ).containers;
  const said = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  expect(ODD.map((_, i) => said[`ODD_${i}`])).toEqual(ODD);
  expect(said['MIXED']).toBe('${x}1.0$');
  expect(container?.args).toEqual(ODD);
});

describe('notes', () => {
  const notesOf = (services: string, target = '', more = '') =>
    cloudrun.notes?.(
      buildModel(loadConfig('aideploy.yaml', Buffer.from(configuration(services, target, more)))),
    ) ?? [];

  test.each<[string, string[], RegExp[]]>([
    ['nothing to say', [`  api: {language: go, port: 8080, ${HEALTH}, timeouts: {request: 5s}}`], []],
    [
      'a public one',
      [`  api: {language: go, port: 8080, ${HEALTH}, timeouts: {request: 5s}}`, ', public: true'],
      [/everybody call without a token/],
    ],
    [
      'a long drain, once for all',
      [`  api: {language: go, port: 8080, ${HEALTH}}\n  web: {language: go, port: 8081, ${HEALTH}}`],
      [/10s after SIGTERM.*chat-api: 65s, chat-web: 65s/],
    ],
    [
      'other kinds',
      [
        `  api: {language: go, port: 8080, ${HEALTH}, timeouts: {request: 5s}}\n  queue: {language: go, kind: worker}\n  ollama: {image: "ollama/ollama:0.12.6", port: 11434}`,
      ],
      [/http services alone; not queue, ollama/],
    ],
    [
      'a second port',
      [
        `  api: {language: go, port: 8080, ${HEALTH}, grpc: {port: 50051}, metrics: {port: 9090}, timeouts: {request: 5s}}`,
      ],
      [/gRPC \(50051\), metrics \(9090\)/],
    ],
    [
      'metrics on the public port',
      [`  api: {language: go, port: 8080, ${HEALTH}, metrics: {}, timeouts: {request: 5s}}`],
      [/\/metrics of chat is there for everybody/],
    ],
    [
      'a variable that names what is not there',
      [
        `  api: {language: go, port: 8080, ${HEALTH}, timeouts: {request: 5s}, env: {OLLAMA: "\${services.ollama.url}"}, dependsOn: [ollama]}\n  ollama: {image: "ollama/ollama:0.12.6", port: 11434}`,
        ', services: [api]',
      ],
      [/OLLAMA of chat is left out: it names the service ollama/],
    ],
  ])('%s', (_, [services = '', target], expected) => {
    const notes = notesOf(services, target);
    expect(notes).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(notes[i]).toMatch(pattern);
  });
});
