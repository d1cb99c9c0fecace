import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { doctor } from '../../src/cli/commands/doctor.ts';
import type { Context } from '../../src/cli/context.ts';
import { checkNode, requiredVariables } from '../../src/doctor/project.ts';
import { findVersion, reaches } from '../../src/doctor/version.ts';

const GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

let bin: string;
let project: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-doctor-'));
  [bin, project] = [join(folder, 'bin'), join(folder, 'project')];
  mkdirSync(bin);
  mkdirSync(project);
  // Of this machine's programs only those that the fakes are made of.
  for (const program of ['sh', 'sleep', 'cat']) symlinkSync(`/bin/${program}`, join(bin, program));
  vi.stubEnv('PATH', bin);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(join(bin, '..'), { recursive: true });
});

/** A program that answers as the real one would. */
function tool(name: string, answer: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${answer}\n`);
  chmodSync(join(bin, name), 0o755);
}

const file = (name: string, text: string) => {
  mkdirSync(join(project, name, '..'), { recursive: true });
  writeFileSync(join(project, name), text);
};

const ENGINE = '{"Client":{"Version":"28.1.0"},"Server":{"Version":"28.2.2"}}';
const CLIENT_ALONE = '{"Client":{"Version":"28.1.0"},"Server":null}';

function docker(version: string, fails = ''): void {
  tool(
    'docker',
    `case "$1" in version) echo '${version}'; ${fails || ':'};; compose) echo 2.26.1;; buildx) echo 'github.com/docker/buildx v0.13.1 abc';; esac`,
  );
}

const API = `version: 1
name: chatbot
services:
  api:
    language: go
    version: "1.26"
    port: 8080
    health: {live: /live, ready: /ready}
`;

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly json: {
    tools: Record<string, unknown>[];
    project: { file: string | null; checks: Record<string, unknown>[] };
  };
}

async function ask(format: 'text' | 'json' = 'json', environment?: string): Promise<Answer> {
  let text = '';
  let json: unknown;
  const context: Context = {
    root: project,
    configFile: 'aideploy.yaml',
    environment,
    format,
    verbose: false,
    quiet: false,
    live: false,
    columns: undefined,
    interactive: false,
    version: '0.0.0',
    result: said => {
      text += said;
    },
    json: document => {
      json = document;
    },
    note: () => undefined,
  };
  const code = await doctor.action(context, [], {} as never);
  return { code, text, json: json as Answer['json'] };
}

const of = (answer: Answer, id: string) => answer.json.tools.find(found => found['id'] === id);
const check = (answer: Answer, id: string) => answer.json.project.checks.find(found => found['id'] === id);

describe('tools', () => {
  test('without a configuration everything is optional, and the answer is yes', async () => {
    const answer = await ask();
    expect(answer.code).toBe(0);
    expect(answer.json.tools.length).toBeGreaterThan(20);
    expect(answer.json.tools.every(found => found['required'] === false)).toBe(true);
    expect(answer.json.project.file).toBeNull();
    expect(of(answer, 'kubectl')).toMatchObject({ status: 'missing', version: null });
    expect(of(answer, 'kubectl')).toHaveProperty('hint', expect.stringMatching(/./));
  });

  test('with a configuration: what it needs, at which version and what for', async () => {
    file('aideploy.yaml', API);
    docker(ENGINE);
    symlinkSync(GIT, join(bin, 'git'));
    tool('go', 'echo go version go1.26.8 linux/amd64');
    const answer = await ask();
    expect(answer.code).toBe(0);
    expect(of(answer, 'docker')).toMatchObject({
      status: 'ok',
      version: '28.1.0',
      minimum: '23.0',
      required: true,
      neededFor: ['docker: building images', 'compose: starting the services'],
    });
    expect(of(answer, 'compose')).toMatchObject({ status: 'ok', version: '2.26.1', required: true });
    expect(of(answer, 'go')).toMatchObject({
      status: 'ok',
      version: '1.26.8',
      minimum: '1.26',
      required: false,
    });
    expect(of(answer, 'kubectl')).toBeUndefined();
  });

  test.each<[string, () => void, string, string, RegExp]>([
    [
      'a client without an engine',
      () => docker(CLIENT_ALONE, 'echo "Cannot connect to the Docker daemon" >&2; exit 1'),
      'docker',
      'broken',
      /no engine answers: Cannot connect/,
    ],
    [
      'an engine of others',
      () => docker(CLIENT_ALONE, 'echo "permission denied while trying to connect" >&2; exit 1'),
      'docker',
      'broken',
      /may not talk to it/,
    ],
    [
      'podman under another name',
      () => docker(ENGINE, 'echo "Emulate Docker CLI using podman." >&2'),
      'docker',
      'broken',
      /podman/,
    ],
    [
      'an engine that is too old',
      () => docker(ENGINE.replace('28.1.0', '20.10.24+dfsg1')),
      'docker',
      'old',
      /23\.0 or later/,
    ],
    [
      'no compose plugin',
      () =>
        tool(
          'docker',
          `[ "$1" = version ] && echo '${ENGINE}' && exit; echo "unknown flag: --short" >&2; exit 125`,
        ),
      'compose',
      'missing',
      /^null$/,
    ],
    [
      'an older toolchain',
      () => tool('go', 'echo go version go1.9.7 linux/amd64'),
      'go',
      'old',
      /1\.26 or later/,
    ],
    [
      'a program that crashes',
      () => tool('git', 'echo "git: cannot\tload \u001b[31mlibz\u001b[0m" >&2; exit 127'),
      'git',
      'broken',
      /^git: cannot ?load libz$/,
    ],
    ['a program that says nothing', () => tool('git', 'exit 3'), 'git', 'broken', /exit code 3/],
    ['a program that hangs', () => tool('git', 'sleep 60; true'), 'git', 'broken', /no answer within 3 s/],
  ])('%s', async (_, arrange, id, status, detail) => {
    file('aideploy.yaml', API);
    arrange();
    const started = Date.now();
    const answer = await ask();
    expect(of(answer, id)).toMatchObject({ status });
    expect(String(of(answer, id)?.['detail'])).toMatch(detail);
    expect(answer.code).toBe(1);
    expect(Date.now() - started).toBeLessThan(45_000);
  });

  test('one of two builders is enough, and the other is then optional', async () => {
    file('aideploy.yaml', `${API}targets: {docker: {}}\n`);
    symlinkSync(GIT, join(bin, 'git'));
    tool('buildah', 'echo "buildah version 1.28.2 (image-spec 1.0)"');
    const answer = await ask();
    expect(of(answer, 'buildah')).toMatchObject({ status: 'ok', required: true });
    expect(of(answer, 'docker')).toMatchObject({ status: 'missing', required: false });
    expect(answer.code).toBe(0);
  });

  test('a database asks for a client of its own age; what is known to nobody is never run', async () => {
    const backup = 'backup: {copyTo: [./ship, "{}"], encrypt: {age: age1qqq}}';
    file(
      'aideploy.yaml',
      `${API}    dependsOn: [db]\ndatabase: {version: 16, name: chat, user: chat, ${backup}}\ntargets: {backup: {}}\n`,
    );
    tool('pg_dump', 'echo "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"');
    tool('ship', `echo ran > '${join(project, 'ran')}'`);
    const answer = await ask();
    expect(of(answer, 'pg_dump')).toMatchObject({
      status: 'old',
      version: '15.14',
      minimum: '16',
      required: false,
    });
    expect(of(answer, 'age')).toMatchObject({ status: 'missing' });
    expect(of(answer, './ship')).toMatchObject({ status: 'missing', version: null });
    expect(execFileSync('/bin/ls', [project], { encoding: 'utf8' })).not.toContain('ran');
  });

  test('what deploys to Cloud Run, and what verifies there, is required', async () => {
    file('aideploy.yaml', `${API}targets: {cloudrun: {project: my-project, region: us-central1}}\n`);
    const answer = await ask();
    for (const tool of ['gcloud', 'curl'])
      expect(of(answer, tool)).toMatchObject({ status: 'missing', required: true });
  });
});

describe('the project', () => {
  const git = (...args: string[]) =>
    execFileSync(GIT, ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: project,
      stdio: 'pipe',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    });

  beforeEach(() => {
    symlinkSync(GIT, join(bin, 'git'));
    file('aideploy.yaml', API);
  });

  test('a configuration that is wrong is named with its place, and the tools are looked at all the same', async () => {
    file('aideploy.yaml', `${API}    prot: 1\n`);
    const answer = await ask();
    expect(answer.code).toBe(2);
    expect(check(answer, 'configuration')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^aideploy\.yaml:\d+:\d+: .*prot/),
    });
    expect(answer.json.tools.length).toBeGreaterThan(20);
  });

  test('an environment that is not in the file', async () => {
    expect((await ask('json', 'nowhere')).code).toBe(2);
  });

  test('git: no repository, no tag, a tag', async () => {
    expect(check(await ask(), 'git')).toMatchObject({ status: 'warning' });
    git('init', '-q');
    expect(check(await ask(), 'tag')).toMatchObject({ status: 'warning' });
    git('add', '.');
    git('commit', '-qm', 'first');
    git('tag', 'v1.2.3');
    expect(check(await ask(), 'tag')).toMatchObject({ status: 'ok', message: 'git describe says v1.2.3' });
  });

  test('git: a file of secrets that it does not ignore, or keeps', async () => {
    git('init', '-q');
    expect(check(await ask(), 'env-ignored')).toMatchObject({ status: 'warning' });
    file('.env', 'TOKEN=hunter2\n');
    expect(check(await ask(), 'env-ignored')).toMatchObject({ status: 'failed' });
    file('.gitignore', '.env\n');
    expect(check(await ask(), 'env-ignored')).toMatchObject({ status: 'ok' });
    git('add', '-f', '.env');
    expect(check(await ask(), 'env-ignored')).toMatchObject({ status: 'failed' });
  });

  test('git: the state of rendering belongs to the repository', async () => {
    git('init', '-q');
    expect(check(await ask(), 'state-kept')).toMatchObject({ status: 'ok' });
    file('.gitignore', '.aideploy/\n');
    expect(check(await ask(), 'state-kept')).toMatchObject({ status: 'warning' });
  });

  test('state that cannot be read', async () => {
    expect(check(await ask(), 'state')).toMatchObject({ status: 'ok' });
    file('.aideploy/manifest.json', '{');
    expect(check(await ask(), 'state')).toMatchObject({ status: 'failed' });
  });

  test('variables that compose asks for: names, never values', async () => {
    file(
      'compose.yaml',
      'x: "${API_KEY:?set it in .env} ${OTHER-default} $${LITERAL:?no} ${EMPTY:?e} ${QUOTED:?q}"\n',
    );
    file('.env', 'export QUOTED="hunter2"\nEMPTY=\n# API_KEY=1\n');
    const answer = await ask();
    expect(check(answer, 'variables')).toMatchObject({ status: 'warning', names: ['API_KEY', 'EMPTY'] });
    expect(JSON.stringify(answer.json)).not.toContain('hunter2');
    vi.stubEnv('API_KEY', 'hunter2');
    file('.env', 'QUOTED=1\nEMPTY = filled\n');
    expect(check(await ask(), 'variables')).toMatchObject({ status: 'ok' });
  });
});

test('the table fits 80 columns without colour and says everything in words', async () => {
  file('aideploy.yaml', API);
  docker(CLIENT_ALONE, `echo "${'Cannot connect to the Docker daemon '.repeat(3)}" >&2; exit 1`);
  const { text } = await ask('text');
  expect(text.split('\n').filter(line => line.length > 80)).toEqual([]);
  expect(text).not.toContain('\u001b');
  expect(text).toMatch(/^Required$/m);
  expect(text).toMatch(/^ {2}docker +broken +28\.1\.0 +docker: building images; compose/m);
  expect(text).toMatch(/To be put right: git, docker\.$/);
});

test('Node is told when it is too old', () => {
  expect(checkNode('20.18.3')).toMatchObject({ status: 'failed' });
  expect(checkNode('20.19.0')).toMatchObject({ status: 'ok' });
});

test.each([
  ['1.26', '1.26', true],
  ['1.26.8', '1.26', true],
  ['1.9.7', '1.26', false],
  ['20.10.24+dfsg1', '20.10', true],
  ['15', '15.1', false],
])('version %s against minimum %s: %s', (version, minimum, enough) => {
  expect(reaches(version, minimum)).toBe(enough);
});

test('versions are found in what programs print', () => {
  expect(findVersion('N\0S\0S\0M\0 \0V\0e\0r\0s\0i\0o\0n\0 \x002\0.\x0024\0')).toBe('2.24');
  expect(findVersion('dev build')).toBeNull();
});

test('a variable is required where its dollar sign stands alone', () => {
  expect(requiredVariables('${A:?x} ${B?x} $${C:?x} $$${D:?x} ${E:-x} ${F}')).toEqual(['A', 'B', 'D']);
});
