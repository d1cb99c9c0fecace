import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { detect } from '../../src/detect/detect.ts';
import { toConfig } from '../../src/detect/draft.ts';
import { fixture, realService } from './facts.ts';

const drafts = fileURLToPath(new URL('./expected', import.meta.url));
const cases = readdirSync(drafts).map(file => file.replace(/\.yaml$/, ''));
const rootOf = (name: string) =>
  name.startsWith('services-') ? realService(name.slice('services-'.length)) : fixture(name);

describe('draft', () => {
  test.each(cases)('%s', async name => {
    const draft = toConfig(await detect(rootOf(name)));
    const file = `${drafts}/${name}.yaml`;
    if (process.env['UPDATE']) await writeFile(file, stringify(draft));
    expect(draft).toEqual(parse(await readFile(file, 'utf8')));
    expect(Object.keys(draft)[0]).toBe('version');
  });

  test.each(cases)('%s is a configuration', async name => {
    const draft = toConfig(await detect(rootOf(name)));
    expect(() => loadConfig('aideploy.yaml', Buffer.from(stringify(draft)))).not.toThrow();
  });
});
