/** What deploys run, run here: the real kustomize, and stand-ins that check every word for the rest. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { ProjectModel } from '../../../src/model/model.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { github } from '../../../src/targets/github/index.ts';
import { kubernetes } from '../../../src/targets/kubernetes/index.ts';
import { renderArtifacts } from '../../../src/targets/render.ts';
import { project } from '../../cli/run.ts';
import { find, need } from '../../judges/judges.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';
import { jobsOf } from './steps.ts';

const engine = await createEngine();
const modelOf = (name: string): ProjectModel => {
  const found = [...FIXTURE_CASES, ...ownCases('github')].find(each => each.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found.model;
};

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let programs: string;
let environment: Record<string, string>;

/** A program of this name that comes before the machine's own. */
async function standIn(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), script);
  await chmod(join(programs, name), 0o755);
}

const run = (command: string, words: readonly string[], env: Record<string, string> = {}): Promise<Answer> =>
  new Promise(resolve => {
    execFile(command, [...words], { cwd: folder, env: { ...environment, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

/** One step's script as the runner starts it: `defaults.run.shell: bash`. */
async function step(
  workflow: string,
  job: string,
  name: string,
  env: Record<string, string>,
): Promise<Answer> {
  const content = await readFile(join(folder, `.github/workflows/${workflow}.yml`), 'utf8');
  const script = jobsOf(content)[job]?.steps?.find(each => each.name === name)?.run;
  if (script === undefined) throw new Error(`${workflow} has no step ${name} in ${job}`);
  await writeFile(join(programs, 'step.sh'), script);
  return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', join(programs, 'step.sh')], env);
}

async function render(name: string): Promise<void> {
  for (const { path, content, mode } of renderArtifacts(modelOf(name), [github, kubernetes], engine)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: mode ?? 0o644 });
  }
}

beforeEach(async () => {
  folder = await project();
  programs = await project();
  environment = {
    PATH: `${programs}${delimiter}${process.env['PATH']}`,
    RUNNER_TEMP: await project(),
    GITHUB_OUTPUT: join(programs, 'output'),
    GITHUB_STEP_SUMMARY: join(programs, 'summary'),
  };
});

const DIGEST = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe.runIf(need('kubectl'))('deploy-k8s.sh', () => {
  const images = (digit: string): Record<string, string> => ({
    IMAGES: JSON.stringify({ api: 'ghcr.io/acme/chatbot' }),
    DIGESTS: JSON.stringify({ tag: 'v1', 'image-api': `ghcr.io/acme/chatbot@${DIGEST(digit)}` }),
    PATIENCE: '600',
  });
  const deploy = (words: readonly string[], env: Record<string, string>) =>
    run('.github/scripts/deploy-k8s.sh', words, env);
  const servedImage = async (): Promise<string> => {
    const live = JSON.parse(await readFile(join(programs, 'cluster'), 'utf8'));
    return live['Deployment/chatbot'].spec.template.spec.containers[0].image;
  };

  beforeEach(async () => {
    await render('full');
    await mkdir(join(folder, 'deploy/k8s/base/api'), { recursive: true });
    await writeFile(join(folder, 'deploy/k8s/base/api/config.yaml'), 'a: 1\n');
    const standin = fileURLToPath(new URL('kubectl.mjs', import.meta.url));
    await standIn('kubectl', `#!/bin/sh\nexec "${process.execPath}" "${standin}" "$@"\n`);
    environment['CLUSTER'] = join(programs, 'cluster');
    environment['KUBECTL'] = find('kubectl') ?? '';
  });

  it('applies the overlay with images by their digests, and leaves the files as they are', async () => {
    const before = await readFile(join(folder, 'deploy/k8s/overlays/staging/kustomization.yaml'), 'utf8');
    const { code, stderr } = await deploy(['apply', 'staging'], images('a'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await servedImage()).toBe(`ghcr.io/acme/chatbot@${DIGEST('a')}`);
    expect(await readFile(join(folder, 'deploy/k8s/overlays/staging/kustomization.yaml'), 'utf8')).toBe(
      before,
    );
    expect((await run('ls', ['-A', 'deploy/k8s'])).stdout).toBe('base\noverlays\nsecrets\n');
    const calls = await readFile(join(programs, 'cluster.calls'), 'utf8');
    expect(calls).toMatch(
      /^rollout status Deployment\/chatbot --namespace chatbot-staging --timeout (?:600|59\d)s$/m,
    );
    expect(calls).toMatch(/^rollout status StatefulSet\/chatbot-ollama --namespace chatbot-staging /m);
  });

  it('goes back to what was applied before, when what came after did not serve', async () => {
    await deploy(['apply', 'staging'], images('a'));
    const failed = await deploy(['apply', 'staging'], { ...images('b'), UNREADY: DIGEST('b') });
    expect([failed.code, await servedImage()]).toEqual([1, `ghcr.io/acme/chatbot@${DIGEST('b')}`]);
    expect(failed.stderr).toContain('exceeded its progress deadline');
    const back = await deploy(['back', 'staging'], { PATIENCE: '600', UNREADY: DIGEST('b') });
    expect([back.code, await servedImage()]).toEqual([0, `ghcr.io/acme/chatbot@${DIGEST('a')}`]);
    expect(back.stderr).toContain('not reverted');
  });

  it('says that going back failed, when what served before does not serve either', async () => {
    await deploy(['apply', 'staging'], images('a'));
    await deploy(['apply', 'staging'], { ...images('b'), UNREADY: 'chatbot' });
    expect((await deploy(['back', 'staging'], { PATIENCE: '600', UNREADY: 'chatbot' })).code).toBe(1);
  });

  it('leaves the first release to people: there is nothing to go back to', async () => {
    await deploy(['apply', 'staging'], { ...images('a'), UNREADY: DIGEST('a') });
    const back = await deploy(['back', 'staging'], { PATIENCE: '600' });
    expect([back.code, await servedImage()]).toEqual([1, `ghcr.io/acme/chatbot@${DIGEST('a')}`]);
    expect(back.stderr).toContain('nothing served before');
  });

  const migrations = {
    MIGRATION: 'chatbot-migrate',
    NAMESPACE: 'chatbot-staging',
    DATABASE: '',
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
    POLL: '0',
  };

  it('migrates before the new program starts', async () => {
    const { code, stderr } = await deploy(['apply', 'staging'], { ...images('a'), ...migrations });
    expect([code, stderr]).toEqual([0, '']);
    const calls = (await readFile(join(programs, 'cluster.calls'), 'utf8')).split('\n');
    const at = (start: string) => calls.findIndex(call => call.startsWith(start));
    expect(at('create job')).toBeGreaterThan(
      at('apply --filename deploy/k8s/overlays/staging/namespace.yaml'),
    );
    expect(at('rollout status Deployment/')).toBeGreaterThan(at('get job'));
    expect(await servedImage()).toBe(`ghcr.io/acme/chatbot@${DIGEST('a')}`);
  });

  it('starts no program whose migration failed, and shows why', async () => {
    await deploy(['apply', 'staging'], images('a'));
    const failed = await deploy(['apply', 'staging'], {
      ...images('b'),
      ...migrations,
      MIGRATED: 'FailureTarget Failed',
    });
    expect([failed.code, await servedImage()]).toEqual([1, `ghcr.io/acme/chatbot@${DIGEST('a')}`]);
    expect(failed.stderr).toContain('syntax error at "SELEC"');
  });

  it.each<[string, readonly string[], Record<string, string>, number, RegExp]>([
    [
      'an image without a digest',
      ['apply', 'staging'],
      { DIGESTS: '{"image-api":"ghcr.io/acme/chatbot:1"}' },
      5,
      /api has no image with a digest/,
    ],
    [
      'an image that was not built',
      ['apply', 'staging'],
      { DIGESTS: '{}' },
      5,
      /api has no image with a digest/,
    ],
    ['an environment without an overlay', ['apply', 'preview'], {}, 2, /no deploy\/k8s\/overlays\/preview/],
    ['no environment', ['apply'], {}, 2, /usage/],
    ['another word', ['forth', 'staging'], {}, 2, /usage/],
  ])('changes nothing for %s', async (_, words, env, code, reason) => {
    const answer = await deploy(words, { ...images('a'), ...env });
    expect([answer.code, answer.stderr]).toEqual([code, expect.stringMatching(reason)]);
    expect((await run('ls', [environment['CLUSTER'] ?? ''])).code).not.toBe(0);
  });
});

describe('report.sh', () => {
  const WEBHOOK = 'https://hooks.example.com/services/secret-part';
  const facts = {
    PLATFORM: 'Kubernetes',
    ENVIRONMENT: 'staging',
    TAG: 'v1.2.3',
    IMAGES: JSON.stringify({ tag: 'v1.2.3', 'image-api': 'ghcr.io/acme/chatbot@sha256:1' }),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/chatbot',
    GITHUB_RUN_ID: '7',
    GITHUB_SHA: '0123456789abcdef',
    GITHUB_ACTOR: 'o\'neil "x"',
  };

  beforeEach(async () => {
    await render('full');
    await standIn(
      'curl',
      '#!/bin/bash\nprintf "%s\\n" "$@" >"$SENT.words"\ncat >"$SENT.body"\nwhile [ "$1" != --config ]; do shift; done\ncat "$2" >"$SENT.config"\nexit "${CURL:-0}"\n',
    );
    environment['SENT'] = join(programs, 'sent');
  });

  test.each([
    ['success', '', 'Deployed to Kubernetes, staging: v1.2.3'],
    ['success', 'skipped', 'Deployed to Kubernetes, staging: v1.2.3'],
    [
      'failure',
      'success',
      'Rolled back: Kubernetes, staging: v1.2.3 failed, and what served before serves again',
    ],
    [
      'cancelled',
      'success',
      'Rolled back: Kubernetes, staging: v1.2.3 failed, and what served before serves again',
    ],
    ['failure', 'failure', 'BROKEN: Kubernetes, staging: v1.2.3 failed, and so did going back'],
    ['failure', 'skipped', 'Failed: Kubernetes, staging: v1.2.3'],
    ['cancelled', 'skipped', 'Cancelled: Kubernetes, staging: v1.2.3'],
  ])('%s, going back %s: %s', async (OUTCOME, BACK, headline) => {
    const { code } = await run('.github/scripts/report.sh', [], { ...facts, OUTCOME, BACK, WEBHOOK });
    expect(code).toBe(0);
    const summary = await readFile(join(programs, 'summary'), 'utf8');
    expect(summary).toContain(`### ${headline}\n`);
    expect(summary).toContain('| ghcr.io/acme/chatbot@sha256:1 |');
    expect(JSON.parse(await readFile(join(programs, 'sent.body'), 'utf8'))).toEqual({
      text: `${headline}\ncommit 0123456789ab by o'neil "x", https://github.com/acme/chatbot/actions/runs/7`,
    });
    expect(await readFile(join(programs, 'sent.words'), 'utf8')).not.toContain('secret-part');
    expect(await readFile(join(programs, 'sent.config'), 'utf8')).toBe(`url = "${WEBHOOK}"\n`);
  });

  it('tells nobody without a webhook, and a Slack that is away fails no deploy', async () => {
    const quiet = await run('.github/scripts/report.sh', [], {
      ...facts,
      OUTCOME: 'success',
      BACK: '',
      WEBHOOK: '',
    });
    expect([quiet.code, (await run('ls', [`${environment['SENT']}.body`])).code]).toEqual([0, 2]);
    const away = await run('.github/scripts/report.sh', [], {
      ...facts,
      OUTCOME: 'success',
      BACK: '',
      WEBHOOK,
      CURL: '22',
    });
    expect([away.code, away.stdout]).toEqual([0, '::warning::Slack could not be told\n']);
  });
});

describe('steps', () => {
  const outputs = async () => readFile(environment['GITHUB_OUTPUT'] ?? '', 'utf8');
  const git = (...words: string[]) => run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words]);

  beforeEach(async () => {
    await render('several-platforms');
    await git('init', '-q');
    await git('commit', '-q', '--allow-empty', '--date=2026-01-02T03:04:05Z', '-m', 'one');
  });

  it('name a release’s images at each registry, in small letters', async () => {
    await git('tag', 'v1.2.3');
    const env = {
      REPOSITORY: 'x.pkg.dev/Several/web',
      UNIT: 'web',
      GHCR: 'ghcr.io/Acme',
      GIT_COMMITTER_DATE: '',
    };
    await step('release', 'images', 'Names', { ...env, DOCKERHUB: 'acme' });
    expect(await outputs()).toMatch(
      /^tag=v1\.2\.3\ntime=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\nfirst=x\.pkg\.dev\/several\/web\nnames<<END\nx\.pkg\.dev\/several\/web\nghcr\.io\/acme\/web\ndocker\.io\/acme\/web\nEND\ntags<<END\nx\.pkg\.dev\/several\/web:v1\.2\.3\nghcr\.io\/acme\/web:v1\.2\.3\ndocker\.io\/acme\/web:v1\.2\.3\nEND\n$/,
    );
    await writeFile(environment['GITHUB_OUTPUT'] ?? '', '');
    await step('release', 'images', 'Names', { ...env, DOCKERHUB: '' });
    expect(await outputs()).not.toContain('docker.io');
  });

  it('sign each image at each registry by its digest', async () => {
    await standIn('cosign', '#!/bin/sh\nprintf "%s\\n" "$*" >>"$SIGNED"\n');
    const env = {
      DIGEST: DIGEST('c'),
      NAMES: 'ghcr.io/acme/web\ndocker.io/acme/web',
      SIGNED: join(programs, 'signed'),
    };
    expect((await step('release', 'images', 'Sign', env)).code).toBe(0);
    expect(await readFile(env.SIGNED, 'utf8')).toBe(
      `sign --yes ghcr.io/acme/web@${DIGEST('c')}\nsign --yes docker.io/acme/web@${DIGEST('c')}\n`,
    );
  });

  it('give deploy.sh of Cloud Run the version, and the digest of each of its services', async () => {
    await mkdir(join(folder, 'deploy/cloudrun'), { recursive: true });
    await writeFile(join(folder, 'deploy/cloudrun/deploy.sh'), '#!/bin/sh\nprintf "%s " "$@"\n', {
      mode: 0o755,
    });
    const content = await readFile(join(folder, '.github/workflows/deploy-cloudrun.yml'), 'utf8');
    const units = jobsOf(content)['deploy-staging']?.steps?.find(({ name }) => name === 'Deploy')?.env?.[
      'UNITS'
    ];
    const DIGESTS = JSON.stringify({
      tag: 'v1',
      'image-web': `x/web@${DIGEST('d')}`,
      'image-old': `x/old@${DIGEST('e')}`,
    });
    const answer = await step('deploy-cloudrun', 'deploy-staging', 'Deploy', {
      UNITS: units ?? '',
      DIGESTS,
      TAG: 'v1',
    });
    expect([answer.code, answer.stdout]).toEqual([0, `--tag v1 --digest several-web=${DIGEST('d')} `]);
  });

  it('keep the credentials of a cluster from other users', async () => {
    await render('full');
    environment['GITHUB_ENV'] = join(programs, 'env');
    await step('deploy-k8s', 'deploy-staging', 'Credentials of the cluster', { CLUSTER: 'kind: Config\n' });
    const file = `${environment['RUNNER_TEMP']}/kubeconfig`;
    expect((await run('stat', ['--format=%a', file])).stdout).toBe('600\n');
    expect(await readFile(join(programs, 'env'), 'utf8')).toBe(`KUBECONFIG=${file}\n`);
  });
});
