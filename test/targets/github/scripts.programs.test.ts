/** Steps of the rendered workflows, run here before stand-ins that show what they are told. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Runner, runner } from './runner.ts';

let on: Runner;

const DIGEST = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe('steps', () => {
  const outputs = async () => readFile(on.environment['GITHUB_OUTPUT'] ?? '', 'utf8');

  beforeEach(async () => {
    on = await runner('several-platforms');
    await on.git('init', '-q');
    await on.git('commit', '-q', '--allow-empty', '--date=2026-01-02T03:04:05Z', '-m', 'one');
  });

  it('name a release’s images at each registry, in small letters', async () => {
    await on.git('tag', 'v1.2.3');
    const env = {
      REPOSITORY: 'x.pkg.dev/Several/web',
      UNIT: 'web',
      GHCR: 'ghcr.io/Acme',
      GIT_COMMITTER_DATE: '',
    };
    await on.step('release', 'images', 'Names', { ...env, DOCKERHUB: 'acme' });
    expect(await outputs()).toMatch(
      /^tag=v1\.2\.3\ntime=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\nfirst=x\.pkg\.dev\/several\/web\nnames<<END\nx\.pkg\.dev\/several\/web\nghcr\.io\/acme\/web\ndocker\.io\/acme\/web\nEND\ntags<<END\nx\.pkg\.dev\/several\/web:v1\.2\.3\nghcr\.io\/acme\/web:v1\.2\.3\ndocker\.io\/acme\/web:v1\.2\.3\nEND\n$/,
    );
    await writeFile(on.environment['GITHUB_OUTPUT'] ?? '', '');
    await on.step('release', 'images', 'Names', { ...env, DOCKERHUB: '' });
    expect(await outputs()).not.toContain('docker.io');
  });

  it('sign each image at each registry by its digest', async () => {
    await on.standIn('cosign', '#!/bin/sh\nprintf "%s\\n" "$*" >>"$SIGNED"\n');
    const env = {
      DIGEST: DIGEST('c'),
      NAMES: 'ghcr.io/acme/web\ndocker.io/acme/web',
      SIGNED: join(on.programs, 'signed'),
    };
    expect((await on.step('release', 'images', 'Sign', env)).code).toBe(0);
    expect(await readFile(env.SIGNED, 'utf8')).toBe(
      `sign --yes ghcr.io/acme/web@${DIGEST('c')}\nsign --yes docker.io/acme/web@${DIGEST('c')}\n`,
    );
  });

  it('keep the credentials of a cluster from other users', async () => {
    on = await runner('full');
    await on.step('deploy-k8s', 'deploy-staging', 'Credentials of the cluster', {
      CLUSTER: 'kind: Config\n',
    });
    const file = `${on.environment['RUNNER_TEMP']}/kubeconfig`;
    expect((await on.run('stat', ['--format=%a', file])).stdout).toBe('600\n');
    expect(await readFile(join(on.programs, 'env'), 'utf8')).toBe(`KUBECONFIG=${file}\n`);
  });
});

describe('steps that call this program', () => {
  /** npx that shows what it is told, and writes what the command would into the file that it is given. */
  const NPX = `#!/bin/bash
printf '<%s>' "$@"
while [ "$1" != --output ]; do shift; [ $# -gt 0 ] || exit 0; done
printf '%s' "$WRITTEN" >"$2"
exit "$ENDS"
`;
  const SAID = {
    AIDEPLOY_PACKAGE: 'aideploy@1',
    PLATFORM: 'kubernetes',
    ENVIRONMENT: 'staging',
    TAG: 'v2',
    IMAGES: JSON.stringify({
      tag: 'v2',
      'image-api': `ghcr.io/acme/chatbot@${DIGEST('a')}`,
      'image-web': `x/web@${DIGEST('b')}`,
    }),
    WRITTEN: '{"version":1,"releases":[]}',
    ENDS: '0',
  };
  const kept = (file: string) => join(on.environment['RUNNER_TEMP'] ?? '', file);

  beforeEach(async () => {
    on = await runner('full');
    await on.standIn('npx', NPX);
    await on.git('init', '-q');
    await on.git('commit', '-q', '--allow-empty', '-m', 'one\n\nMigration: expand\nRollback: no');
  });

  const ASKED = 'How, by who started it, else by its commits';

  it('ask the record, and then the commits, what is asked for', async () => {
    const env = { ...SAID, MIGRATES: 'true', MIGRATION: '', MIGRATION_DEFAULT: '', FORWARD: '' };
    const answer = await on.step('deploy-k8s', 'deploy-staging', ASKED, env);
    expect([answer.code, answer.stderr]).toEqual([0, '']);
    expect(answer.stdout).toBe(
      `<--yes><aideploy@1><releases><--platform><kubernetes><--env><staging><--format><json><--output><${kept('aideploy.json')}>`,
    );
    expect(await readFile(on.environment['GITHUB_OUTPUT'] ?? '', 'utf8')).toBe(
      'flags=--migration expand --no-rollback\nback=\n',
    );
  });

  it('deploy nothing where the record cannot be read', async () => {
    const answer = await on.step('deploy-k8s', 'deploy-staging', ASKED, { ...SAID, ENDS: '3' });
    expect(answer.code).toBe(3);
  });

  it.each([
    ['k8s', 'kubernetes', '', ''],
    ['k8s', 'kubernetes', '--migration expand', '<--migration><expand>'],
    ['k8s', 'kubernetes', '--migration contract --no-rollback', '<--migration><contract><--no-rollback>'],
    ['cloudrun', 'cloudrun', '--no-rollback', '<--no-rollback>'],
  ])(
    'of deploy-%s bring to %s what was built, with “%s”, and end as it ends',
    async (id, PLATFORM, FLAGS, words) => {
      const said = { ...SAID, PLATFORM, FLAGS, ENDS: '1' };
      const answer = await on.step(`deploy-${id}`, 'deploy-production', 'Deploy', said);
      expect(answer.stdout).toBe(
        `<--yes><aideploy@1><deploy><${PLATFORM}><--env><staging><--tag><v2><--image><api=ghcr.io/acme/chatbot@${DIGEST('a')}><--image><web=x/web@${DIGEST('b')}><--wait><2m>${words}<--format><json><--output><${kept('aideploy.json')}>`,
      );
      expect(answer.code).toBe(1);
    },
  );

  it.each([
    ['k8s', 'kubernetes', '', '', ''],
    ['k8s', 'kubernetes', 'v1', 'false', '<--to=v1>'],
    ['k8s', 'kubernetes', '-e production', 'true', '<--to=-e production><--across-migrations>'],
    ['cloudrun', 'cloudrun', 'v1', 'true', '<--to=v1><--across-migrations>'],
  ])(
    'of rollback-%s, on %s, return to “%s”, across migrations: “%s”',
    async (id, PLATFORM, RELEASE, across, words) => {
      const env = { ...SAID, PLATFORM, RELEASE, ACROSS_MIGRATIONS: across };
      const answer = await on.step(`rollback-${id}`, 'rollback-production', 'Roll back', env);
      expect(answer.stdout).toBe(
        `<--yes><aideploy@1><rollback><${PLATFORM}><--env><staging><--yes><--wait><2m>${words}<--format><json><--output><${kept('aideploy.json')}>`,
      );
    },
  );

  it('go back from a deploy that was cancelled to what was verified', async () => {
    const name = 'Go back from a deploy that was cancelled';
    const answer = await on.step('deploy-k8s', 'deploy-staging', name, { ...SAID, RELEASE: 'v1' });
    expect(answer.stdout).toBe(
      '<--yes><aideploy@1><rollback><kubernetes><--env><staging><--to=v1><--yes><--wait><2m>',
    );
  });

  it.each([
    ['deploy-k8s', 'deploy-staging', 'Deploy'],
    ['rollback-k8s', 'rollback-staging', 'Roll back'],
  ])('of %s are the program itself, which a cancelled run interrupts', async (workflow, job, name) => {
    await on.standIn('npx', "#!/bin/bash\ntrap 'exit 42' INT\necho started\nwhile :; do sleep 0.05; done\n");
    const words = await on.script(workflow, job, name);
    const env = { ...on.environment, ...SAID, FLAGS: '', RELEASE: '' };
    const started = spawn('bash', [...words], { cwd: on.folder, env });
    await once(started.stdout, 'data');
    started.kill('SIGINT');
    expect(await once(started, 'exit')).toEqual([42, null]);
  });
});
