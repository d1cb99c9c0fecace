/**
 * The scripts of the rendered ci.yml on the sample services, each in a repository of its own, one after the other as
 * the runner starts them. Actions are not run here; golangci-lint and Trivy are such.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { build } from '../../src/targets/build/index.ts';
import { github } from '../../src/targets/github/index.ts';
import { modelOf } from '../model/models.ts';
import { jobsOf, type Step } from '../targets/github/steps.ts';

const engine = await createEngine();
const SERVICES = fileURLToPath(new URL('../services', import.meta.url));
const config = (language: string, version: string, more: string) => `version: 1
name: sample
services:
  api:
    language: ${language}
    version: "${version}"
    build: ${more}
    port: 8080
    health: {live: /health/live, ready: /health/ready}
targets: {github: {workflows: [ci]}}
`;

const TEST_OF = {
  go: [
    'cmd/server/sum_test.go',
    'package main\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {\n\tif 1+1 != 2 {\n\t\tt.Fatal("no")\n\t}\n}\n',
  ],
  python: ['test_main.py', 'from app.main import app\n\n\ndef test_app():\n    assert app is not None\n'],
  node: ['src/sum.test.js', "import { test } from 'node:test';\ntest('sum', () => {});\n"],
} as const;

/** A mirror of a registry that has not everything says so; then there is nothing to be learnt here. */
const UNAVAILABLE = /This module version is not available|audit endpoint returned an error/;

let folder = '';
const made: string[] = [];
afterAll(() => Promise.all(made.map(each => rm(each, { recursive: true, force: true }))));

const temporary = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'aideploy-ci-'));
  made.push(path);
  return path;
};

/** GitHub's runners have it. */
async function pipx(): Promise<string> {
  const place = await temporary();
  execFileSync('python3', ['-m', 'venv', place]);
  execFileSync(join(place, 'bin/pip'), ['install', '--quiet', 'pipx']);
  return join(place, 'bin');
}

describe.each([
  ['go', 'go', '1.26', '{main: ./cmd/server}'],
  ['python', 'python', '3.13', '{main: app.main:app}'],
  ['node', 'node', '24', '{main: src/server.js}'],
] as const)('%s', (language, service, version, more) => {
  const model = modelOf(config(language, version, more));
  const [workflow] = github.render(model, engine);
  const jobs = jobsOf(workflow?.content ?? '');
  const row = jobs[language]?.strategy?.matrix.include[0] ?? {};
  const scripts = (job: string) => (jobs[job]?.steps ?? []).filter(step => step.run !== undefined);
  let runner: Record<string, string> = {};

  beforeAll(async () => {
    folder = await temporary();
    await cp(join(SERVICES, service), folder, {
      recursive: true,
      filter: path => !/node_modules|__pycache__|\.venv/.test(path),
    });
    for (const { path, content } of build.render(model, engine)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content, { mode: 0o755 });
    }
    const [path, content] = TEST_OF[language];
    await writeFile(join(folder, path), content);
    // A project says what its linter looks for; the linter's own choice changes with its versions.
    if (language === 'python')
      await writeFile(join(folder, 'ruff.toml'), 'lint.select = ["E4", "E7", "E9", "F"]\n');
    runner = { RUNNER_TEMP: await temporary(), GITHUB_PATH: join(await temporary(), 'path') };
    await writeFile(runner['GITHUB_PATH'] ?? '', language === 'python' ? `${await pipx()}\n` : '');
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
      ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'one'],
    ])
      await run('git', words, {});
  });

  async function run(
    command: string,
    words: readonly string[],
    env: Record<string, string>,
  ): Promise<string> {
    // What is added last comes first.
    const added = (await readFile(runner['GITHUB_PATH'] ?? '', 'utf8'))
      .trim()
      .split('\n')
      .filter(Boolean)
      .reverse();
    const PATH = [...added, process.env['PATH'] ?? ''].join(delimiter);
    return new Promise((resolve, reject) => {
      execFile(
        command,
        [...words],
        { cwd: folder, env: { ...process.env, ...runner, ...env, PATH }, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) =>
          error ? reject(new Error(`${stdout}\n${stderr}`)) : resolve(`${stdout}\n${stderr}`),
      );
    });
  }

  /** Values of the matrix as GitHub puts them in. */
  const given = ({ env = {} }: Step) =>
    Object.fromEntries(
      Object.entries(env).map(([name, value]) => [
        name,
        String(value).replace(/^\$\{\{ matrix\.(\w+) \}\}$/, (_, key) => String(row[key])),
      ]),
    );
  const bash = (step: Step) =>
    run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], given(step));

  it.for(scripts(language).map(step => [step.name ?? '', step] as const))('%s', async ([_, step]) => {
    const output = await bash(step).catch((error: Error) => {
      // The sample's handshake of WebSockets has to use SHA-1; a gate that never closes would be none.
      if (step.name === 'Gosec' && error.message.includes('G401')) return '';
      // A registry without that service is asked in its own words, and says so: the step is right as far as it got.
      if (UNAVAILABLE.test(error.message)) return '';
      throw error;
    });
    if (/^Test/.test(step.name ?? '')) expect(output).toMatch(/total:\s|TOTAL\s|Statements/);
  });

  it.each(scripts('programs').map(step => [step.name ?? '', step] as const))(
    'programs: %s',
    async (_, step) => {
      await bash(step);
      expect(await readFile(join(folder, 'build/SHA256SUMS'), 'utf8')).toMatch(/^[0-9a-f]{64} {2}\S+$/m);
    },
  );
});
