import { chmod, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aideploy, MINIMAL, project, read } from './run.ts';

const actions = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(stdout).files.map(({ path, action }: { path: string; action: string }) => [path, action]),
  );

const edit = async (folder: string, path: string, from: string | RegExp, to: string) => {
  const text = await read(folder, path);
  expect(text).toMatch(from);
  await writeFile(join(folder, path), text.replace(from, to));
};

/** A project as it is after its first render. */
async function rendered(config = MINIMAL): Promise<string> {
  const folder = await project({ 'aideploy.yaml': config });
  const answer = await aideploy(['render'], { cwd: folder });
  expect(answer.code, answer.stderr).toBe(0);
  return folder;
}

describe('render', () => {
  it('writes the artifacts of the contract, and nothing the second time', async () => {
    const folder = await rendered();
    const again = await aideploy(['render', '--format', 'json'], { cwd: folder });
    const found = actions(again.stdout);
    expect(Object.keys(found)).toEqual([
      '.dockerignore',
      '.env.example',
      'Dockerfile',
      'compose.prod.yaml',
      'compose.yaml',
      'deploy/RUNBOOK.md',
      'scripts/build.sh',
    ]);
    expect(new Set(Object.values(found))).toEqual(new Set(['keep']));
    expect(JSON.parse(again.stdout)).toMatchObject({ version: 1, drift: false });
    expect((await stat(join(folder, 'scripts/build.sh'))).mode & 0o111).toBe(0o111);
  });

  it('shows a diff and writes nothing with --dry-run', async () => {
    const folder = await rendered();
    await edit(folder, 'aideploy.yaml', '3000', '3001');
    const before = await read(folder, 'Dockerfile');
    const answer = await aideploy(['render', '--dry-run'], { cwd: folder });
    expect(answer.code).toBe(0);
    expect(answer.stdout).toContain('-EXPOSE 3000\n');
    expect(answer.stdout).toContain('+EXPOSE 3001\n');
    expect(await read(folder, 'Dockerfile')).toBe(before);
  });

  it('says where a platform does otherwise than the configuration asks', async () => {
    const target = 'targets: {cloudrun: {project: my-project, region: us-central1, public: true}}';
    const folder = await project({ 'aideploy.yaml': `${MINIMAL}${target}\n` });
    const answer = await aideploy(['render', 'cloudrun'], { cwd: folder });
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.stderr).toContain('cloudrun: public: true lets everybody call without a token');
    expect(answer.stderr).toContain('cloudrun: an instance has 10s after SIGTERM');
    expect(answer.stdout).not.toContain('SIGTERM');
  });

  it('answers --check with 1 and the names, until it is rendered', async () => {
    const folder = await rendered();
    expect((await aideploy(['render', '--check'], { cwd: folder })).code).toBe(0);
    await edit(folder, 'aideploy.yaml', '3000', '3001');
    const answer = await aideploy(['render', '--check'], { cwd: folder });
    expect(answer.code).toBe(1);
    expect(answer.stdout).toContain('Dockerfile');
    await aideploy(['render'], { cwd: folder });
    expect((await aideploy(['render', '--check'], { cwd: folder })).code).toBe(0);
  });

  it('keeps a hand edit, combines it with a change, and calls neither drift', async () => {
    const folder = await rendered();
    await edit(folder, 'compose.yaml', 'restart: unless-stopped', 'restart: always # mine');
    expect((await aideploy(['render', '--check'], { cwd: folder })).code).toBe(0);
    await edit(folder, 'aideploy.yaml', '3000', '3001');
    const answer = await aideploy(['render', '--format', 'json'], { cwd: folder });
    expect(actions(answer.stdout)['compose.yaml']).toBe('merge');
    const merged = await read(folder, 'compose.yaml');
    expect(merged).toContain('restart: always # mine');
    expect(merged).toContain('127.0.0.1:3001:3001');
  });

  it('reports a conflict, leaves the file alone, and is settled by --keep-mine', async () => {
    const folder = await rendered();
    await edit(folder, 'Dockerfile', 'EXPOSE 3000', 'EXPOSE 3333');
    await edit(folder, 'aideploy.yaml', '3000', '3001');
    const mine = await read(folder, 'Dockerfile');
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain('Dockerfile: your edit and the new rendering change the same lines');
    expect(await read(folder, 'Dockerfile')).toBe(mine);
    expect(await read(folder, 'Dockerfile.aideploy-new')).toContain('EXPOSE 3001');
    expect((await aideploy(['render', '--keep-mine', 'Dockerfile'], { cwd: folder })).code).toBe(0);
    expect(await read(folder, 'Dockerfile')).toBe(mine);
    await expect(read(folder, 'Dockerfile.aideploy-new')).rejects.toThrow(/ENOENT/);
    expect((await aideploy(['render', '--check'], { cwd: folder })).code).toBe(0);
  });

  it('never overwrites a file that was there before, unless forced', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL, Dockerfile: 'FROM scratch\n' });
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(1);
    expect(answer.stdout).toMatch(/ files changed, 0 stayed, 1 to be settled by you/);
    expect(await read(folder, 'Dockerfile')).toBe('FROM scratch\n');
    expect(await read(folder, 'Dockerfile.aideploy-new')).toContain('ARG BUILD_IMAGE=');
    expect((await aideploy(['render', '--force'], { cwd: folder })).code).toBe(0);
    expect(await read(folder, 'Dockerfile')).toContain('ARG BUILD_IMAGE=');
  });

  it('respects a deletion, and brings the file back when forced', async () => {
    const folder = await rendered();
    await rm(join(folder, 'compose.yaml'));
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(0);
    expect(answer.stdout).toContain('keep     compose.yaml  (you deleted it; --force writes it again)');
    await expect(read(folder, 'compose.yaml')).rejects.toThrow(/ENOENT/);
    expect((await aideploy(['render', '--check'], { cwd: folder })).code).toBe(0);
    await aideploy(['render', '--force'], { cwd: folder });
    expect(await read(folder, 'compose.yaml')).toContain('services:');
  });

  it('prunes what is no longer rendered and was never edited', async () => {
    const folder = await rendered();
    await edit(folder, 'compose.yaml', 'restart: unless-stopped', 'restart: always');
    await writeFile(join(folder, 'aideploy.yaml'), `${MINIMAL}targets: {docker: {}}\n`);
    const found = actions(
      (await aideploy(['render', '--prune', '--format', 'json'], { cwd: folder })).stdout,
    );
    expect(found).toMatchObject({ 'compose.prod.yaml': 'prune', 'compose.yaml': 'keep' });
    await expect(read(folder, 'compose.prod.yaml')).rejects.toThrow(/ENOENT/);
    expect(await read(folder, 'compose.yaml')).toContain('restart: always');
  });

  it('prints one target with --stdout and writes nothing', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL });
    const env = await aideploy(['render', '--stdout', 'env'], { cwd: folder });
    expect(env.code).toBe(0);
    expect(env.stdout).toContain('AIDEPLOY_TAG=');
    const compose = await aideploy(['render', '--stdout', 'compose', '--tag', '1.2.3'], { cwd: folder });
    expect(compose.stdout).toContain('==> compose.prod.yaml <==');
    expect(compose.stdout).toContain('image: chat:1.2.3');
    await expect(read(folder, 'compose.yaml')).rejects.toThrow(/ENOENT/);
  });

  it('says which patch meets no file', async () => {
    const patches = 'patches: [{file: compose.yml, set: {/name: chat}}]\n';
    const folder = await project({ 'aideploy.yaml': `${MINIMAL}${patches}` });
    const { stderr } = await aideploy(['render', '--dry-run'], { cwd: folder });
    expect(stderr).toBe('patches: compose.yml is not rendered; did you mean compose.yaml?\n');
  });

  it('renders an environment over the file', async () => {
    const folder = await project({
      'aideploy.yaml': `${MINIMAL}environments: {staging: {services: {api: {env: {STAGE: staging}}}}}\n`,
    });
    const base = await aideploy(['render', '--stdout', 'compose'], { cwd: folder });
    const staging = await aideploy(['render', '--stdout', 'compose', '-e', 'staging'], { cwd: folder });
    expect(base.stdout).not.toContain('STAGE');
    expect(staging.stdout).toContain('STAGE: staging');
  });

  it('ejects nothing with --dry-run, and says so', async () => {
    const folder = await project();
    const answer = await aideploy(['render', '--eject', 'env', '--dry-run'], { cwd: folder });
    expect(answer).toMatchObject({
      code: 0,
      stdout: 'would write .aideploy/templates/env/.env.example.hbs\n',
    });
    await expect(read(folder, '.aideploy/templates/env/.env.example.hbs')).rejects.toThrow(/ENOENT/);
    expect((await aideploy(['render', '--eject', 'env', '--check'], { cwd: folder })).code).toBe(2);
  });

  it('uses templates of the project’s own after --eject', async () => {
    const folder = await rendered();
    expect((await aideploy(['render', '--eject', 'env'], { cwd: folder })).code).toBe(0);
    await edit(folder, '.aideploy/templates/env/.env.example.hbs', /^/, '# ours\n');
    await aideploy(['render'], { cwd: folder });
    expect(await read(folder, '.env.example')).toMatch(/^# ours\n/);
    await edit(folder, '.aideploy/templates/env/.env.example.hbs', '# ours', '# {{nobody}}');
    const broken = await aideploy(['render'], { cwd: folder });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/\.env\.example\.hbs:1:\d+: "nobody" is not defined/);
  });

  it('lets patches have the last word', async () => {
    const patch = `patches:\n  - {file: compose.prod.yaml, set: {/services/api/labels: {team: chat}}, remove: [/services/api/init]}\n`;
    const folder = await rendered(`${MINIMAL}${patch}`);
    const text = await read(folder, 'compose.prod.yaml');
    expect(text).toMatch(/labels:\n\s+team: chat/);
    expect(text).not.toContain('init: true');
    expect(text).toContain('# For production on one machine');
  });

  it('tells a patch that cannot be made', async () => {
    const folder = await project({
      'aideploy.yaml': `${MINIMAL}patches: [{file: compose.yaml, remove: [/services/web]}]\n`,
    });
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toContain('compose.yaml: /services/web is not there to be removed');
  });

  it('gives the same bytes for the same configuration, wherever it runs', async () => {
    const one = await rendered();
    const two = await project({ 'aideploy.yaml': MINIMAL });
    await aideploy(['render'], {
      cwd: two,
      env: { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', HOME: '/nowhere' },
    });
    for (const file of ['Dockerfile', 'compose.prod.yaml', 'scripts/build.sh'])
      expect(await read(one, file)).toBe(await read(two, file));
  });

  it('stays inside the project', async () => {
    const outside = await project();
    const folder = await project({ 'aideploy.yaml': MINIMAL });
    const { symlink } = await import('node:fs/promises');
    await symlink(outside, join(folder, 'scripts'));
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/scripts/);
    await expect(read(outside, 'build.sh')).rejects.toThrow(/ENOENT/);
  });

  it('says that it cannot write, and not that it is broken', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL, '.aideploy': 'a file in the way' });
    await chmod(folder, 0o755);
    const answer = await aideploy(['render'], { cwd: folder });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/\.aideploy/);
  });
});
