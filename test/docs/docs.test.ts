import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/all.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { ROOT } from '../cli/run.ts';
import { pages } from './pages.ts';
import { configurationPage } from './reference.ts';

const page = (path: string) => readFile(join(ROOT, path), 'utf8');
const docs = (await readdir(join(ROOT, 'docs'), { recursive: true }))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs];

it('docs/configuration.md is what the schema says (UPDATE_GOLDEN=1 writes it)', async () => {
  const written = configurationPage(jsonSchema());
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(join(ROOT, 'docs/configuration.md'), written);
  expect(await page('docs/configuration.md')).toBe(written);
});

describe('pages that are generated (UPDATE_GOLDEN=1 writes them)', async () => {
  const written = await pages(await page('test/fixtures/full/aideploy.yaml'));
  const GENERATED = /^docs\/(?:rules|commands|targets)\/|^docs\/probes\.md$/;

  it('are all there, and no other', async () => {
    if (process.env['UPDATE_GOLDEN'] === '1') {
      for (const folder of ['rules', 'commands', 'targets'])
        await rm(join(ROOT, 'docs', folder), { recursive: true, force: true });
      for (const [path, text] of written) {
        await mkdir(dirname(join(ROOT, 'docs', path)), { recursive: true });
        await writeFile(join(ROOT, 'docs', path), text);
      }
    }
    const there = (await readdir(join(ROOT, 'docs'), { recursive: true })).map(path => `docs/${path}`);
    expect(there.filter(path => GENERATED.test(path) && path.endsWith('.md')).sort()).toEqual(
      [...written.keys()].map(path => `docs/${path}`).sort(),
    );
  });

  it('say what the program says', async () => {
    const stale: string[] = [];
    for (const [path, text] of written)
      if ((await page(`docs/${path}`).catch(() => '')) !== text) stale.push(`docs/${path}`);
    expect(stale).toEqual([]);
  });
});

it.each(PAGES)('%s links to files that are there', async path => {
  const links = [...(await page(path)).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(
    match => match[1] ?? '',
  );
  expect(links.filter(link => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
});

describe('the README', () => {
  it('shows a configuration that is valid', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(await page('README.md')) ?? [];
    expect(loadConfig('README.md', new TextEncoder().encode(example)).base.name).toBe('chatbot');
  });

  it('names commands, targets and scripts that there are', async () => {
    const text = await page('README.md');
    const commands = [
      ...text.matchAll(/`aideploy ([a-z]+)/g),
      ...text.matchAll(/^\$? ?aideploy ([a-z]+)/gm),
    ].map(match => match[1]);
    expect(commands.filter(name => !COMMANDS.some(command => command.name === name))).toEqual([]);
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
