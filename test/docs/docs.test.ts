import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { TARGETS } from '../../src/targets/all.ts';
import actions from '../../src/targets/github/actions.json' with { type: 'json' };
import { aideploy, ROOT } from '../cli/run.ts';
import { pagePaths, readPage } from './markdown.ts';
import { halves, pages, wholePage, writtenIn } from './pages.ts';
import { platformHalves } from './platforms.ts';
import { configurationPage } from './reference.ts';

const page = (path: string) => readFile(join(ROOT, path), 'utf8');
const docs = (await readdir(join(ROOT, 'docs'), { recursive: true }))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`);
const KEYS = (jsonSchema() as { properties?: object }).properties ?? {};

it('docs/configuration.md is what the schema says (UPDATE_GOLDEN=1 writes it)', async () => {
  const written = configurationPage(jsonSchema());
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(join(ROOT, 'docs/configuration.md'), written);
  expect(await page('docs/configuration.md')).toBe(written);
});

describe('pages that are generated (UPDATE_GOLDEN=1 writes them)', async () => {
  const example = await page('test/fixtures/full/aideploy.yaml');
  const halfWritten = new Map(await halves(example));
  for (const [platform, half] of await platformHalves(example))
    halfWritten.set(`platforms/${platform}.md`, half);
  const wanted = new Map(pages());
  for (const [path, half] of halfWritten)
    wanted.set(path, wholePage(writtenIn(await page(`docs/${path}`).catch(() => '')), half));

  const GENERATED = /^docs\/(?:rules|commands|targets|platforms\/(?!README))|^docs\/probes\.md$/;

  it('are all there, and no other', async () => {
    if (process.env['UPDATE_GOLDEN'] === '1') await write(wanted);
    const there = docs.filter(path => GENERATED.test(path));
    expect(there.sort()).toEqual([...wanted.keys()].map(path => `docs/${path}`).sort());
  });

  it('say what the program says', async () => {
    const stale: string[] = [];
    for (const [path, text] of wanted)
      if ((await page(`docs/${path}`).catch(() => '')) !== text) stale.push(`docs/${path}`);
    expect(stale).toEqual([]);
  });

  it.each([...halfWritten.keys()])('%s begins with what a person wrote, and an example', path => {
    const written = writtenIn(wanted.get(path) ?? '');
    expect(written).toMatch(/^# .+\n\n\S/);
    expect(written).toMatch(/^```/m);
  });
});

async function write(wanted: ReadonlyMap<string, string>): Promise<void> {
  await rm(join(ROOT, 'docs/rules'), { recursive: true });
  for (const [path, text] of wanted) {
    await mkdir(dirname(join(ROOT, 'docs', path)), { recursive: true });
    await writeFile(join(ROOT, 'docs', path), text);
  }
}

describe('YAML that pages show', async () => {
  const shown = (await Promise.all((await pagePaths()).map(readPage))).flatMap(({ path, fences }) =>
    fences
      .filter(({ language }) => language === 'yaml')
      .map(({ text, line }) => ({ where: `${path}:${line}`, text })),
  );
  /** Parts of a configuration stand at the keys that it has; what else is YAML is a workflow's or a hook's. */
  const parts = shown.filter(({ text }) => Object.keys(parse(text) ?? {}).every(key => key in KEYS));
  const full = parse(await page('test/fixtures/full/aideploy.yaml'));

  it.each(parts)('$where is what the configuration takes', ({ where, text }) => {
    const part = parse(text) ?? {};
    const whole = 'version' in part ? part : { ...full, ...part };
    expect(loadConfig(where, new TextEncoder().encode(stringify(whole))).base.name).toBeTypeOf('string');
  });
});

/** Pages of rules show what is wrong, too. */
const isNoRule = (path: string) => !path.startsWith('docs/rules/');

it('check finds nothing in what these pages show, but for the examples of rules', async () => {
  const paths = (await pagePaths()).filter(isNoRule);
  const { code, stdout } = await aideploy(['check', ...paths]);
  expect(stdout).toMatch(/ files checked: 0 errors, 0 warnings/);
  expect(code).toBe(0);
});

it('actions that pages name are those that are rendered', async () => {
  const named = (await Promise.all((await pagePaths()).filter(isNoRule).map(page)))
    .flatMap(text => [...text.matchAll(/uses: (\S+)@([0-9a-f]{40}) # (\S+)/g)])
    .map(([, name = '', commit, version]) => [name, { commit, version }] as const);
  const rendered = named.filter(([name]) => name in actions);
  expect(rendered.length).toBeGreaterThan(0);
  for (const [name, pin] of rendered)
    expect({ [name]: pin }).toEqual({ [name]: actions[name as keyof typeof actions] });
});

describe('the README', () => {
  it('shows a configuration that is valid', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(await page('README.md')) ?? [];
    expect(loadConfig('README.md', new TextEncoder().encode(example)).base.name).toBe('chatbot');
  });

  it('names the targets and scripts that there are', async () => {
    const text = await page('README.md');
    const targets = [...text.matchAll(/^\| `([a-z]+)` \|/gm)].map(match => match[1]);
    expect(targets.sort()).toEqual(TARGETS.map(target => target.id));
    const scripts = Object.keys(JSON.parse(await page('package.json')).scripts);
    expect(
      [...text.matchAll(/npm run ([a-z:]+)/g)]
        .map(match => match[1])
        .filter(name => !scripts.includes(name ?? '')),
    ).toEqual([]);
  });
});
