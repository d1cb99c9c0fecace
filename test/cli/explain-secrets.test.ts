import { describe, expect, it } from 'vitest';
import { aideploy, MINIMAL, project } from './run.ts';

const WITH_WORKFLOWS = `${MINIMAL}image: {registry: registry.example.com/team}
observability: {notify: {slack: TEAM_WEBHOOK}}
targets: {docker: {}, kubernetes: {expose: none}, github: {workflows: [release, deploy-k8s]}}
environments: {staging: {}}
`;

const explain = async (config: string, ...more: string[]) => {
  const folder = await project({ 'aideploy.yaml': config });
  return aideploy(['render', ...more], { cwd: folder });
};

describe('render github --explain-secrets', () => {
  it('tells each with where it is read and what it is', async () => {
    const { code, stdout } = await explain(WITH_WORKFLOWS, 'github', '--explain-secrets');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^secret {4}needed {4}REGISTRY_PASSWORD {2}\(release, deploy-k8s\)\n +the password.*registry\.example\.com$/m,
    );
    expect(stdout).toMatch(/^secret {4}optional {2}TEAM_WEBHOOK {2}\(deploy-k8s, rollback-k8s\)$/m);
    expect(stdout).toMatch(/^environment {2}staging {2}\(deploy-k8s, rollback-k8s\):/m);
    expect(stdout).toMatch(
      /^commit {4}optional {2}Rollback: no {2}\(deploy-k8s\)\n +a release with this commit/m,
    );
    expect(stdout).not.toContain('Migration');
  });

  it('says the same in JSON', async () => {
    const { stdout } = await explain(WITH_WORKFLOWS, 'github', '--explain-secrets', '--format', 'json');
    const { version, settings, environments, trailers } = JSON.parse(stdout);
    expect(version).toBe(1);
    expect(settings).toContainEqual({
      kind: 'secret',
      name: 'KUBECONFIG',
      needed: true,
      workflows: ['deploy-k8s', 'rollback-k8s'],
      purpose: expect.stringContaining('kubeconfig'),
    });
    expect(settings.map(({ name }: { name: string }) => name)).not.toContain('WIF_PROVIDER');
    expect(environments).toEqual([
      { name: 'release', workflows: ['release'] },
      { name: 'staging', workflows: ['deploy-k8s', 'rollback-k8s'] },
      { name: 'production', workflows: ['deploy-k8s', 'rollback-k8s'] },
    ]);
    expect(trailers.map(({ text }: { text: string }) => text)).toEqual(['Rollback: no']);
  });

  it('tells how migrations are said, where there are any', async () => {
    const database = 'database: {name: chat, user: app, migrations: {}}\n';
    const { stdout } = await explain(`${WITH_WORKFLOWS}${database}`, 'github', '--explain-secrets');
    expect(stdout).toMatch(/^variable {2}optional {2}AIDEPLOY_MIGRATION {2}\(deploy-k8s\)$/m);
    expect(stdout.match(/^commit .*$/gm)).toEqual([
      'commit    optional  Migration: expand  (deploy-k8s)',
      'commit    optional  Migration: contract  (deploy-k8s)',
      'commit    optional  Rollback: no  (deploy-k8s)',
    ]);
  });

  it.each([
    ['without the target', WITH_WORKFLOWS, ['--explain-secrets'], 2, /render github --explain-secrets/],
    [
      'of another target',
      WITH_WORKFLOWS,
      ['docker', '--explain-secrets'],
      2,
      /render github --explain-secrets/,
    ],
    ['without workflows', MINIMAL, ['github', '--explain-secrets'], 3, /nothing to explain/],
  ])('%s is answered with a reason', async (_, config, words, code, reason) => {
    const answer = await explain(config, ...words);
    expect([answer.code, answer.stdout]).toEqual([code, '']);
    expect(answer.stderr).toMatch(reason);
  });
});

it('production is what the file says, where the file does not name it', async () => {
  const answer = await explain(WITH_WORKFLOWS, 'kubernetes', '--env', 'production', '--tag', '1.4.2');
  expect(answer.code, answer.stderr).toBe(0);
});
