/** setup.sh, deploy.sh and rollback.sh, run for real against a gcloud that takes documented command lines alone. */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Behaviour, createPlace, DIGEST, type Place } from './place.ts';

vi.setConfig({ testTimeout: 240_000 });

const CONFIGURATION = `
version: 1
name: chat
domain: chat.example.com
image: {registry: us-central1-docker.pkg.dev/some-project/chat}
services:
  api:
    language: go
    port: 8080
    health: {live: /health/live, ready: /health/ready}
    env: {RELEASE: "\${tag}", ODD: "$\${AIDEPLOY_IMAGE} is text"}
    secrets: [KEY_ONE, {name: KEY_TWO, optional: true}]
    files: [{path: /etc/chat/config.yaml, source: config.yaml}]
    public: true
targets:
  cloudrun: {project: some-project, region: us-central1, invokers: ["user:a@example.com"]}
verify: {attempts: 2, interval: 1s, timeout: 5s}
`;
const VALUE = 'a secret = "value"; $HOME';

let place: Place;
afterEach(() => place.end());

async function prepared(): Promise<void> {
  place = await createPlace(CONFIGURATION, { 'config.yaml': 'a: 1\n' });
  secretsFile(`KEY_ONE=${VALUE}\n`);
  place.change(world => {
    for (const tag of ['1.0', '1.1', '1.2'])
      world.images[`us-central1-docker.pkg.dev/some-project/chat/chat:${tag}`] = digestOf(tag);
  });
}

const digestOf = (tag: string) =>
  `${DIGEST.slice(0, -3)}${tag.replace('.', 'f')}`.replace(/.$/, tag.at(-1) ?? '0');

function secretsFile(text: string): void {
  writeFileSync(join(place.folder, 'values.env'), text);
  chmodSync(join(place.folder, 'values.env'), 0o600);
}

const setup = () => place.run('setup.sh', ['--secrets', 'values.env']);
const deploy = (tag: string, ...flags: string[]) => place.run('deploy.sh', ['--tag', tag, ...flags]);
const chat = () => {
  const service = place.world().services['chat'];
  if (!service) throw new Error('the service is not there');
  return service;
};
const shares = () =>
  chat().traffic.flatMap(({ revisionName, percent }) =>
    percent ? [`${nameOf(revisionName)}=${percent}`] : [],
  );
/** `chat-1-0-35653672` is 1-0: the digest in the name is of no interest. */
const nameOf = (revision: string) =>
  /^chat-(.*)-[0-9a-f]{8}(-\d+)?$/.exec(revision)?.slice(1).join('') ?? revision;
const listed = async () =>
  (await place.run('rollback.sh', ['--list'])).out
    .trim()
    .split('\n')
    .map(line => line.replace(/^\S+/, nameOf));

async function deployed(...tags: string[]): Promise<void> {
  await prepared();
  expect(await setup()).toMatchObject({ code: 0 });
  for (const tag of tags) expect(await deploy(tag)).toMatchObject({ code: 0 });
}

const well: Behaviour = () => 200;
const badly =
  (wrong: (host: string, path: string) => boolean): Behaviour =>
  ({ host, path }) =>
    wrong(host, path) ? 503 : 200;

describe('setup.sh', () => {
  test('makes what is missing, gives values without a newline, and says what waits', async () => {
    await prepared();
    const first = await setup();
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining('not deployed yet: chat') });
    const { secrets, accounts, repositories, apis } = place.world();
    expect(Buffer.from(secrets['key-one']?.versions[0]?.data ?? '', 'base64').toString()).toBe(VALUE);
    expect(secrets['key-two']?.versions).toEqual([]);
    for (const { policy } of Object.values(secrets))
      expect(policy).toEqual({
        'roles/secretmanager.secretAccessor': [
          'serviceAccount:chat-cloudrun@some-project.iam.gserviceaccount.com',
        ],
      });
    expect(accounts).toEqual(['chat-cloudrun@some-project.iam.gserviceaccount.com']);
    expect(Object.keys(repositories)).toEqual(['some-project/us-central1/chat']);
    expect(apis).toContain('run.googleapis.com');
  });

  test('run again it changes nothing, and no value is in a command line', async () => {
    await deployed('1.0');
    expect(await setup()).toMatchObject({ code: 0 });
    const before = place.world();
    expect(before.mappings).toEqual({ 'chat.example.com': 'chat' });
    expect(chat().policy).toEqual({ 'roles/run.invoker': ['user:a@example.com'] });
    expect(await setup()).toMatchObject({ code: 0 });
    expect({ ...place.world(), calls: 0 }).toEqual({ ...before, calls: 0 });
    expect(JSON.stringify(place.calls)).not.toContain('a secret');
  });

  test.each<[string, string, string[], string, RegExp | undefined]>([
    ['a value of its own input', '', ['--secret', 'KEY_TWO'], 'piped\n', undefined],
    ['a quoted value of the file', 'KEY_TWO="piped"\n', ['--secrets', 'values.env'], '', undefined],
    ['a line for a shell', 'export KEY_TWO=piped\r\n', ['--secrets', 'values.env'], '', undefined],
    ['no value', '', ['--secret', 'KEY_TWO'], '', /holds no value/],
    ['an unknown name', '', ['--secret', 'KEY_SIX'], 'x', /no service reads a secret KEY_SIX/],
  ])('%s', async (_, file, flags, input, refused) => {
    await prepared();
    await setup();
    secretsFile(`KEY_ONE=${VALUE}\n${file}`);
    const ending = await place.run('setup.sh', flags, input);
    if (refused)
      expect(ending).toMatchObject({ code: expect.any(Number), said: expect.stringMatching(refused) });
    else expect(ending).toMatchObject({ code: 0 });
    const { versions } = place.world().secrets['key-two'] ?? { versions: [] };
    expect(versions.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual(
      refused ? [] : ['piped'],
    );
  });

  test('a needed secret without a value, and a file that others may read', async () => {
    await prepared();
    expect(await place.run('setup.sh')).toMatchObject({
      code: 1,
      said: expect.stringContaining('without a value: KEY_ONE.'),
    });
    chmodSync(join(place.folder, 'values.env'), 0o644);
    expect(await setup()).toMatchObject({ code: 1, said: expect.stringContaining('chmod 600') });
  });

  test('everybody may call no more once public is off', async () => {
    await deployed('1.0');
    place.change(world => {
      Object.assign(world.services['chat']?.policy ?? {}, {
        'roles/run.invoker': ['allUsers', 'user:b@example.com'],
      });
    });
    expect(await setup()).toMatchObject({ said: expect.stringContaining('allUsers may call it no more') });
    expect(chat().policy['roles/run.invoker']).toEqual(['user:b@example.com', 'user:a@example.com']);
  });

  test('a domain that was never verified', async () => {
    await deployed('1.0');
    place.change(world => {
      world.verifiedDomains = [];
    });
    expect(await setup()).toMatchObject({ code: 1, said: expect.stringContaining('has to be verified') });
    expect(await place.run('setup.sh', ['--secrets', 'values.env', '--no-domain'])).toMatchObject({
      code: 0,
    });
  });
});

describe('deploy.sh', () => {
  test('verifies a revision without traffic, and then gives it all', async () => {
    await deployed('1.0');
    const atShift: string[][] = [];
    place.behave(({ host }) => {
      if (host.startsWith('candidate---')) atShift.push(shares());
      return 200;
    });
    place.calls.length = 0;
    place.requests.length = 0;
    expect(await deploy('1.1')).toMatchObject({ code: 0 });
    expect(atShift).toEqual([['1-0=100'], ['1-0=100']]);
    expect(shares()).toEqual(['1-1=100']);
    expect(place.requests.map(({ host, path }) => `${host.split('---').length} ${path}`)).toEqual([
      '2 /health/live',
      '2 /health/ready',
      '1 /health/live',
      '1 /health/ready',
    ]);
    const changes = place.calls
      .map(({ command }) => command)
      .filter(command => /replace|update|add|create|remove/.test(command));
    expect(changes).toEqual(['run services replace', 'run services update-traffic']);
  });

  test('pins the digest and the version of each secret, and leaves user text alone', async () => {
    await deployed('1.0');
    const [revision] = Object.values(chat().revisions);
    if (!revision) throw new Error('there is no revision');
    const { containers, volumes } = revision.spec as {
      containers: { image: string; env: unknown[] }[];
      volumes: unknown;
    };
    expect(containers[0]?.image).toBe(`us-central1-docker.pkg.dev/some-project/chat/chat@${digestOf('1.0')}`);
    expect(containers[0]?.env).toContainEqual({ name: 'ODD', value: '${AIDEPLOY_IMAGE} is text' });
    expect(containers[0]?.env).toContainEqual({ name: 'RELEASE', value: '1.0' });
    expect(containers[0]?.env).toContainEqual({
      name: 'KEY_ONE',
      valueFrom: { secretKeyRef: { name: 'key-one', key: '1' } },
    });
    expect(JSON.stringify(containers[0]?.env)).not.toContain('KEY_TWO');
    expect(volumes).toEqual([
      { name: 'file-1', secret: { secretName: 'chat-file-1', items: [{ key: '1', path: 'config.yaml' }] } },
    ]);
  });

  test('the same again makes no revision; a new secret or file makes one', async () => {
    await deployed('1.0');
    expect(await deploy('1.0')).toMatchObject({ code: 0, said: expect.stringContaining('is there already') });
    expect(Object.keys(chat().revisions)).toHaveLength(1);
    await place.run('setup.sh', ['--secret', 'KEY_TWO'], 'two');
    expect(await deploy('1.0')).toMatchObject({ code: 0 });
    expect(Object.keys(chat().revisions)).toHaveLength(2);
    writeFileSync(join(place.folder, 'config.yaml'), 'a: 2\n');
    expect(await deploy('1.0')).toMatchObject({ code: 0 });
    expect(Object.keys(chat().revisions)).toHaveLength(3);
    expect(place.world().secrets['chat-file-1']?.versions).toHaveLength(2);
    expect(JSON.stringify(Object.values(chat().revisions).at(-1)?.spec)).toContain('KEY_TWO');
  });

  test('by steps, each verified', async () => {
    await deployed('1.0');
    const seen = new Set<string>();
    place.behave(({ host }) => {
      if (!host.startsWith('candidate---')) seen.add(shares().join(' '));
      return 200;
    });
    expect(await deploy('1.1', '--steps', '10,50,100', '--pause', '0')).toMatchObject({ code: 0 });
    expect([...seen]).toEqual(['1-1=10 1-0=90', '1-1=50 1-0=50', '1-1=100']);
  });

  test.each<[string, Behaviour, RegExp]>([
    ['is not alive at its own URL', badly(host => host.startsWith('candidate')), /not well; traffic stays/],
    [
      'is alive and never ready',
      badly((host, path) => host.startsWith('candidate') && path === '/health/ready'),
      /not well; traffic stays/,
    ],
    [
      'fails under traffic',
      badly(host => !host.startsWith('candidate')),
      /not well with 10 % .*traffic is where it was/s,
    ],
  ])('a revision that %s gets none, and the next one is deployed', async (_, behaviour, message) => {
    await deployed('1.0');
    place.behave(behaviour);
    expect(await deploy('1.1', '--steps', '10,100', '--pause', '0')).toMatchObject({
      code: 1,
      said: expect.stringMatching(message),
    });
    expect(shares()).toEqual(['1-0=100']);
    place.behave(well);
    expect(await deploy('1.2')).toMatchObject({ code: 0 });
    expect(shares()).toEqual(['1-2=100']);
    expect(await listed()).toEqual(['1-2 serves', '1-0']);
  });

  test('a program that does not start', async () => {
    await deployed('1.0');
    place.change(world => {
      world.broken = [digestOf('1.1')];
    });
    expect(await deploy('1.1')).toMatchObject({
      code: 1,
      said: expect.stringContaining('traffic stays where it was'),
    });
    expect(shares()).toEqual(['1-0=100']);
    place.change(world => {
      world.broken = [];
    });
    expect(await deploy('1.1')).toMatchObject({ code: 0 });
    expect(Object.keys(chat().revisions).map(name => name.replace(/-[0-9a-f]{8}/, ''))).toEqual([
      'chat-1-0',
      'chat-1-1',
      'chat-1-1-2',
    ]);
    expect(await listed()).toEqual(['1-1-2 serves', '1-0']);
  });

  test('a first revision that is not well is no release to go back to', async () => {
    await deployed();
    place.behave(badly(() => true));
    expect(await deploy('1.0')).toMatchObject({ code: 1 });
    place.behave(well);
    expect(await deploy('1.1')).toMatchObject({ code: 0 });
    expect(await listed()).toEqual(['1-1 serves']);
    expect(await place.run('rollback.sh')).toMatchObject({
      code: 1,
      said: expect.stringContaining('no verified revision'),
    });
  });

  test('unverified only where it was asked for, and never chosen to go back to', async () => {
    await deployed('1.0');
    place.behave(badly(() => true));
    expect(await deploy('1.1', '--no-verify')).toMatchObject({ code: 0 });
    expect(shares()).toEqual(['1-1=100']);
    place.behave(well);
    expect(await deploy('1.2')).toMatchObject({ code: 0 });
    expect(await listed()).toEqual(['1-2 serves', '1-0']);
  });

  test('--no-traffic leaves it at a URL of its own, and the tags of others alone', async () => {
    await deployed('1.0');
    const [old = ''] = Object.keys(chat().revisions);
    place.change(world => world.services['chat']?.traffic.push({ revisionName: old, tag: 'green' }));
    const ending = await deploy('1.1', '--no-traffic');
    expect(ending).toMatchObject({ code: 0, said: expect.stringContaining('https://candidate---chat') });
    expect(shares()).toEqual(['1-0=100']);
    expect(chat().traffic.map(({ tag }) => tag)).toEqual([undefined, 'green', 'candidate']);
  });

  test('of a person, whose token names no audience, and of a token that is given', async () => {
    await deployed();
    place.change(world => {
      world.person = true;
    });
    expect(await deploy('1.0')).toMatchObject({ code: 0 });
    expect(place.requests[0]?.token).toBe('Bearer token-for-anybody');
    place.requests.length = 0;
    await place.run('deploy.sh', ['--tag', '1.1'], '', { AIDEPLOY_IDENTITY_TOKEN: 'given' });
    expect(place.requests[0]?.token).toBe('Bearer given');
  });

  test.each<[string[], RegExp]>([
    [['--tag', 'latest'], /the tag latest moves/],
    [['--tag', '1.0;id'], /is no version/],
    [['--tag', '9.9'], /there is no image .*9\.9/],
    [['--tag', '1.0', '--steps', '50,10'], /rising shares/],
    [['--tag', '1.0', '--steps', '10,50'], /end in 100/],
    [['--tag', '1.0', '--digest', 'sha256:short'], /is no digest/],
    [['--tag', '1.0', '--release', 'a b'], /a b is no release/],
    [['--tag', '1.0', '--content', 'more'], /more is no hash/],
    [['--tag', '1.0', '--commit', 'HEAD'], /HEAD is no hash/],
    [['--tag', '1.0', '--by', 'a: b'], /a: b is nobody/],
    [['--tag', '1.0', '--only', 'nobody'], /there is no service nobody/],
    [['--tag'], /needs a value/],
    [['--force'], /unknown flag/],
  ])('refuses %j', async (flags, message) => {
    await deployed();
    const ending = await place.run('deploy.sh', flags);
    expect(ending.code).not.toBe(0);
    expect(ending.said).toMatch(message);
    expect(place.world().services).toEqual({});
  });
});

describe('rollback.sh', () => {
  test('goes back one verified revision at a time, and stays there until the next deploy', async () => {
    await deployed('1.0', '1.1', '1.2');
    expect(await place.run('rollback.sh')).toMatchObject({ code: 0 });
    expect(shares()).toEqual(['1-1=100']);
    expect(await place.run('rollback.sh')).toMatchObject({ code: 0 });
    expect(shares()).toEqual(['1-0=100']);
    expect(await place.run('rollback.sh')).toMatchObject({
      code: 1,
      said: expect.stringContaining('no verified revision is older'),
    });
    expect(await deploy('1.2')).toMatchObject({ code: 0 });
    expect(shares()).toEqual(['1-2=100']);
  });

  test('the release before comes back with its secrets', async () => {
    await deployed('1.0');
    await place.run('setup.sh', ['--secret', 'KEY_ONE'], 'new');
    await deploy('1.1');
    await place.run('rollback.sh');
    const { spec } = chat().revisions[chat().traffic[0]?.revisionName ?? ''] ?? {};
    expect(JSON.stringify(spec)).toContain('"name":"key-one","key":"1"');
  });

  test('what was deployed after a rollback goes back to what served, not to what failed', async () => {
    await deployed('1.0', '1.1');
    await place.run('rollback.sh');
    await deploy('1.2');
    expect(await listed()).toEqual(['1-2 serves', '1-0']);
  });

  test('--to names one, and an unverified one is told', async () => {
    await deployed('1.0');
    await deploy('1.1', '--no-verify');
    await deploy('1.2');
    const named = Object.keys(chat().revisions)[1] ?? '';
    const ending = await place.run('rollback.sh', ['--to', named]);
    expect(ending).toMatchObject({ code: 0, said: expect.stringContaining('was never verified') });
    expect(shares()).toEqual(['1-1=100']);
    expect(await place.run('rollback.sh', ['--to', 'chat-never'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('absent'),
    });
  });

  test('--unpin follows the latest again, where that is the one that serves', async () => {
    await deployed('1.0', '1.1');
    expect(await place.run('rollback.sh', ['--unpin'])).toMatchObject({ code: 0 });
    expect(chat().traffic[0]).toMatchObject({ latestRevision: true });
    await deploy('1.2');
    await place.run('rollback.sh');
    expect(await place.run('rollback.sh', ['--unpin'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('the latest is'),
    });
  });

  test('half-way through the steps it goes back to what was verified', async () => {
    await deployed('1.0', '1.1');
    const [first = '', second = ''] = Object.keys(chat().revisions);
    place.change(world => {
      const service = world.services['chat'];
      if (service)
        service.traffic = [
          { revisionName: second, percent: 40 },
          { revisionName: first, percent: 60 },
        ];
    });
    expect(await place.run('rollback.sh')).toMatchObject({
      code: 0,
      said: expect.stringContaining('from several to'),
    });
    expect(shares()).toEqual(['1-0=100']);
  });
});

describe('a call that fails', () => {
  /** The script is run from the same state again and again, until the call that fails comes after its last one. */
  async function everyCall(
    act: () => ReturnType<Place['run']>,
    after: (code: number, said: string) => Promise<void>,
  ): Promise<number> {
    const start = place.world();
    for (let call = 1; ; call++) {
      place.become({ ...start, calls: 0, fail: call });
      const { code, said } = await act();
      const made = place.world().calls;
      place.change(world => {
        world.fail = null;
      });
      await after(code, `call ${call}: ${said}`);
      if (made < call) return call - 1;
    }
  }

  test('of setup.sh: the next run completes it', async () => {
    await prepared();
    const start = place.world();
    await setup();
    const whole = { ...place.world(), calls: 0 };
    place.become(start);
    const calls = await everyCall(setup, async (_, said) => {
      expect((await setup()).code, said).toBe(0);
      expect({ ...place.world(), calls: 0 }, said).toEqual(whole);
    });
    expect(calls).toBeGreaterThan(10);
  });

  test('of deploy.sh: traffic is on the old revision or on the new one, and the next run completes it', async () => {
    await deployed('1.0');
    const calls = await everyCall(
      () => deploy('1.1', '--steps', '50,100', '--pause', '0'),
      async (code, said) => {
        expect(shares(), said).toEqual([code === 0 ? '1-1=100' : '1-0=100']);
        if (code !== 0) expect(said).toMatch(/PERMISSION_DENIED|no image|traffic/);
        expect((await deploy('1.1')).code, said).toBe(0);
        expect(shares(), said).toEqual(['1-1=100']);
        expect(await listed(), said).toEqual(['1-1 serves', '1-0']);
      },
    );
    expect(calls).toBeGreaterThan(15);
  });

  test('of rollback.sh: traffic is on one revision, and the next run completes it', async () => {
    await deployed('1.0', '1.1');
    await everyCall(
      () => place.run('rollback.sh'),
      async (code, said) => {
        expect(shares(), said).toEqual([code === 0 ? '1-0=100' : expect.stringMatching(/^1-[01]=100$/)]);
        if (shares()[0] === '1-1=100') expect((await place.run('rollback.sh')).code, said).toBe(0);
        expect(shares(), said).toEqual(['1-0=100']);
      },
    );
  });

  test('traffic that cannot be put back is said, with the command that does it', async () => {
    await deployed('1.0');
    place.behave(({ host }) => {
      if (host.startsWith('candidate')) return 200;
      place.change(world => {
        world.fail = 'run services update-traffic';
      });
      return 503;
    });
    const ending = await deploy('1.1');
    expect(ending).toMatchObject({ code: 3, said: expect.stringContaining('traffic is NOT where it was') });
    expect(ending.said).toMatch(
      /gcloud run services update-traffic chat --to-revisions=chat-1-0-\w+=100 --project=some-project --region=us-central1/,
    );
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s on the way: traffic goes back, and nothing is left behind', async (signal, code) => {
    await deployed('1.0');
    place.behave(({ host }) => {
      if (!host.startsWith('candidate')) place.signal(signal);
      return 200;
    });
    expect(await deploy('1.1', '--steps', '10,100', '--pause', '0')).toMatchObject({
      code,
      said: expect.stringContaining('traffic is where it was'),
    });
    expect(shares()).toEqual(['1-0=100']);
    expect(readdirSync(place.folder).filter(name => name.startsWith('tmp.'))).toEqual([]);
  });
});
