import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PRESET_NAMES } from '../../src/init/presets.ts';
import { aideploy, project, projectFrom, read } from './run.ts';

describe('init without anybody to ask', () => {
  it.each(['go', 'python', 'node', 'go-postgres'])(
    'reads test/services/%s and writes a file that renders',
    async service => {
      const folder = await projectFrom(`test/services/${service}`);
      const answer = await aideploy(['init', '--yes'], { cwd: folder });
      expect(answer.code, answer.stderr).toBe(0);
      const written = parse(await read(folder, 'aideploy.yaml'));
      expect(written.services.api.health).toMatchObject({ live: '/health/live', ready: '/health/ready' });
      expect(written.services.api.stream?.paths ?? []).toEqual(
        service === 'go-postgres' ? [] : ['/api/chat/stream'],
      );
      expect(JSON.parse(await read(folder, '.aideploy/schema.json')).properties.services).toBeDefined();
      const rendered = await aideploy(['render'], { cwd: folder });
      expect(rendered.code, rendered.stderr).toBe(0);
    },
  );

  it('takes a cache of the Compose file along, which has no health over HTTP to be asked for', async () => {
    const folder = await projectFrom('test/services/node');
    await writeFile(join(folder, 'docker-compose.yml'), 'services: {cache: {image: "redis:7-alpine"}}\n');
    const answer = await aideploy(['init', '--yes'], { cwd: folder });
    expect(answer.code, answer.stderr).toBe(0);
    const written = parse(await read(folder, 'aideploy.yaml'));
    expect(written.services.cache).toEqual({
      image: 'redis:7-alpine',
      port: 6379,
      user: { uid: 999, gid: 1000 },
    });
    const compose = parse(
      (await aideploy(['render', '--stdout', 'compose'], { cwd: folder })).stdout
        .split('==>')[1]
        ?.split('<==')[1] ?? '',
    );
    expect(compose.services.cache.healthcheck.test).toEqual(['CMD', 'redis-cli', '-p', '6379', 'ping']);
  });

  it('marks health that nothing serves yet', async () => {
    const source = 'require("node:http").createServer((_, res) => res.end()).listen(3000);\n';
    const start = '{"name": "chat", "scripts": {"start": "node server.js"}}';
    const folder = await project({ 'package.json': start, 'server.js': source });
    expect((await aideploy(['init', '--yes'], { cwd: folder })).code).toBe(0);
    expect(await read(folder, 'aideploy.yaml')).toContain(
      'health: {live: /health/live, ready: /health/ready} # not served yet: add these, or name yours\n',
    );
  });

  it('shows each finding with file and line', async () => {
    const folder = await projectFrom('test/services/go');
    const { stderr, stdout } = await aideploy(['init', '--dry-run'], { cwd: folder });
    expect(stderr).toMatch(/api: port +8080 +internal\/config\/config\.go:\d+/);
    expect(parse(stdout).services.api.port).toBe(8080);
    await expect(read(folder, 'aideploy.yaml')).rejects.toThrow(/ENOENT/);
  });

  it('says the same as JSON', async () => {
    const folder = await projectFrom('test/services/node');
    const { stdout, stderr } = await aideploy(['init', '--dry-run', '--format', 'json'], { cwd: folder });
    const document = JSON.parse(stdout);
    expect(stderr).toBe('');
    expect(document).toMatchObject({ version: 1, file: 'aideploy.yaml', written: false });
    expect(document.found).toContainEqual(
      expect.objectContaining({ label: 'api: port', value: '3000', line: expect.any(Number) }),
    );
  });

  it('never overwrites a configuration without --force', async () => {
    const folder = await projectFrom('templates/demo');
    expect((await aideploy(['init', '--yes'], { cwd: folder })).code).toBe(0);
    const before = await read(folder, 'aideploy.yaml');
    const again = await aideploy(['init', '--yes', '--set', 'name=other'], { cwd: folder });
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/aideploy\.yaml is there already; --force/);
    expect(await read(folder, 'aideploy.yaml')).toBe(before);
    expect((await aideploy(['init', '--yes', '--force', '--set', 'name=other'], { cwd: folder })).code).toBe(
      0,
    );
    expect(parse(await read(folder, 'aideploy.yaml')).name).toBe('other');
  });

  it('names the flag for each answer that it lacks', async () => {
    const folder = await project({ 'README.md': '# nothing to see' });
    const answer = await aideploy(['init', '--yes'], { cwd: folder });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toContain('--set services.api.language=');
    expect(answer.stderr).toContain('--set services.api.port=');
  });

  it.each(PRESET_NAMES)('preset %s is a whole configuration', async preset => {
    const folder = await project();
    const answer = await aideploy(['init', '--yes', '--preset', preset, '--set', 'name=sample'], {
      cwd: folder,
    });
    expect(answer.code, answer.stderr).toBe(0);
    const rendered = await aideploy(['render', '--dry-run', '--format', 'json'], { cwd: folder });
    expect(rendered.code, rendered.stderr).toBe(0);
    expect(JSON.parse(rendered.stdout).files.length).toBeGreaterThan(4);
  });

  it('takes answers from a file, and single ones over it', async () => {
    const folder = await project({
      'answers.yaml':
        'name: sample\nservices:\n  api: {language: node, port: 3000, health: {live: /l, ready: /r}}\n',
    });
    const args = [
      'init',
      '--yes',
      '--from',
      'answers.yaml',
      '--set',
      'services.api.port=3001',
      '--set',
      'targets={compose: {}}',
    ];
    expect((await aideploy(args, { cwd: folder })).code).toBe(0);
    const written = parse(await read(folder, 'aideploy.yaml'));
    expect(written).toMatchObject({
      name: 'sample',
      services: { api: { port: 3001, health: { ready: '/r' } } },
      targets: { compose: {} },
    });
  });

  const wrong: [string, string[], RegExp][] = [
    ['a preset that is not there', ['--preset', 'rust-api'], /--preset rust-api: there are go-api/],
    ['a setting without a value', ['--set', 'name'], /--set name: write path=value/],
    ['a setting that is not YAML', ['--set', 'name="x'], /--set name="x: the value is not valid YAML/],
    ['an answers file that is not there', ['--from', 'no.yaml'], /--from no\.yaml: ENOENT/],
    [
      'an answer that is not valid',
      ['--preset', 'go-api', '--set', 'services.api.port=99999'],
      /services\.api\.port: a port is a whole number from 1 to 65535 \(found 99999\)/,
    ],
    [
      'a secret with its value',
      ['--preset', 'go-api', '--set', 'services.api.secrets=[KEY=abc]'],
      /a secret is given by its name alone/,
    ],
  ];
  it.each(wrong)('%s', async (_, args, message) => {
    const folder = await project();
    const answer = await aideploy(['init', '--yes', ...args], { cwd: folder });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(message);
    await expect(read(folder, 'aideploy.yaml')).rejects.toThrow(/ENOENT/);
  });
});
