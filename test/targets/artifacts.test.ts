import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { templatesPlugin } from '../../build.mjs';
import { looksSecret } from '../../src/config/schema/secret.ts';
import { isBuilt, type ProjectModel } from '../../src/model/model.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import { FIXTURE_CASES } from './cases.ts';
import { digests } from './render-all.ts';

const engine = await createEngine();
const SENTINEL = 'a-value-that-only-the-environment-has';

const rendered = (model: ProjectModel) =>
  renderArtifacts(
    model,
    TARGETS.filter(target => target.applies(model)),
    engine,
  );

describe.each(FIXTURE_CASES)('the artifacts of $name', ({ model }) => {
  const artifacts = rendered(model);

  test('stand inside the project, each once', () => {
    const paths = artifacts.map(artifact => artifact.path);
    expect(paths).toEqual([...new Set(paths)].sort());
    for (const path of paths) expect(path).toMatch(/^(?!\/|[A-Za-z]:)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\]+$/);
  });

  test('end their lines as their readers want it, with one newline at the end', () => {
    // Copies of the project's own files are left as they are.
    const copies = model.services.flatMap(({ files }) => files.map(file => file.content));
    for (const { path, content } of artifacts.filter(each => !copies.includes(each.content))) {
      const windows = /\.(?:cmd|bat|ps1)$/.test(path);
      const lines = windows ? content.replaceAll('\r\n', '\n') : content;
      expect(lines, path).not.toContain('\r');
      expect(lines, path).toMatch(/[^\n]\n$/);
      if (windows) expect(content, path).not.toMatch(/[^\r]\n/);
    }
  });

  test('hold no trace of an undefined value', () => {
    for (const { path, content } of artifacts) {
      expect(content, path).not.toMatch(/\bundefined\b|\[object Object\]|\bNaN\b/);
    }
  });

  test('are YAML where they say so', () => {
    for (const { path, content } of artifacts.filter(each => /\.ya?ml$/.test(each.path)))
      for (const document of parseAllDocuments(content))
        expect('errors' in document ? document.errors : [], path).toEqual([]);
  });

  test('name no tag of our own images unless the configuration does', () => {
    const repositories = model.services.filter(isBuilt).map(service => service.source.repository);
    for (const { path, content } of artifacts)
      for (const repository of repositories)
        expect(tagsOf(content, repository), path).toEqual(model.image.tag ? expect.anything() : []);
  });

  test('carry no secret', () => {
    for (const { path, content } of artifacts)
      for (const line of content.split('\n')) if (looksSecret(line)) expect.fail(`${path}: ${line}`);
  });
});

/**
 * Literal tags behind a repository's name; `${…}` is asked for at deploy time, `dev` is what a development
 * file builds, and Kubernetes has no variables: it is given a tag that no image has.
 */
function tagsOf(content: string, repository: string): string[] {
  const name = repository.replaceAll(/[.\\/]/g, '\\$&');
  return [...content.matchAll(new RegExp(`(?<![\\w./-])${name}:([A-Za-z0-9_][\\w.-]*)`, 'g'))]
    .map(match => match[1] ?? '')
    .filter(tag => tag !== 'dev' && tag !== 'tag-not-set');
}

describe('a rendering depends on the configuration alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-render-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const here = fileURLToPath(new URL('.', import.meta.url));
  const program = join(folder, 'render.mjs');
  let plain: Record<string, string>;

  beforeAll(async () => {
    plain = await digests();
    await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [templatesPlugin()],
      // Fixtures are found from the module's own place, which a bundle loses.
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(here, 'cases.ts')).href) },
      ssr: { noExternal: true },
      build: {
        ssr: join(here, 'render-all.ts'),
        outDir: folder,
        minify: false,
        rolldownOptions: { output: { entryFileNames: 'render.mjs' } },
      },
    });
    const start = `import { digests } from ${JSON.stringify(pathToFileURL(program).href)};\nconsole.log(JSON.stringify(await digests()));\n`;
    writeFileSync(join(folder, 'start.mjs'), start);
  });

  const renderUnder = (env: Record<string, string>): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [join(folder, 'start.mjs')], {
        cwd: '/',
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', ...env },
      }),
    );

  test('twice in one process', async () => {
    expect(await digests()).toEqual(plain);
  });

  test.each<[string, Record<string, string>]>([
    ['another time zone', { TZ: 'Pacific/Kiritimati' }],
    ['a Turkish locale', { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }],
    ['a plain locale', { LC_ALL: 'C' }],
    ['secrets and tags in the environment', Object.fromEntries(secretNames().map(name => [name, SENTINEL]))],
  ])('under %s, in another folder', (_, env) => {
    expect(renderUnder(env)).toEqual(plain);
  });
});

function secretNames(): string[] {
  const secrets = FIXTURE_CASES.flatMap(({ model }) => model.services.flatMap(service => service.secrets));
  return ['AIDEPLOY_TAG', 'DB_PASSWORD', 'POSTGRES_PASSWORD', ...secrets.map(secret => secret.name)];
}
