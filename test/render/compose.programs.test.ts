import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interpolation, mixed } from '../../src/render/interpolation.ts';
import { composeConfig, need } from '../judges/judges.ts';
import { runs } from './runs.ts';
import { engineWith } from './sample.ts';
import { sampleTexts } from './values.ts';

const SOURCE = `services:
  api:
    image: {{image}}
    command:
      {{#each texts}}
      - {{this}}
      {{/each}}
    environment: {{yaml environment}}
    labels:
      {{#each texts}}
      {{concat "l" @index}}: {{this}}
      {{/each}}
  file:
    image: scratch
    env_file: [.env.test]
`;

const ENV = `# {{comment}}
{{#each texts}}
# the next
{{concat "E" @index}}={{this}}
{{/each}}
`;

interface Config {
  services: Record<
    string,
    { image: string; command: string[]; environment: Record<string, string>; labels: Record<string, string> }
  >;
}

/** What compose itself reads; its output doubles dollar signs, as a compose file does. */
async function read(compose: string, env: string): Promise<Config['services']> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-compose-'));
  try {
    await writeFile(join(folder, 'compose.yaml'), compose);
    await writeFile(join(folder, '.env.test'), env);
    const { config, findings } = await composeConfig(folder, ['compose.yaml'], { TAG: '1.0', SET: 's$et' });
    expect(findings).toEqual([]);
    const plain = (_: string, value: unknown) =>
      typeof value === 'string' ? value.replaceAll('$$', '$') : value;
    return (JSON.parse(JSON.stringify(config), plain) as Config).services;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.runIf(need('docker-compose'))(
  'compose reads every text back, from its file and from an env file, byte for byte',
  async () => {
    const texts = sampleTexts(runs(300));
    const engine = engineWith({ 't/compose.yaml': SOURCE, 't/.env.test': ENV });
    const environment = {
      ...Object.fromEntries(texts.map((text, index) => [`V${index}`, text])),
      ...Object.fromEntries(
        texts.map((text, index) => [`M${index}`, mixed([text, interpolation('${SET:?is needed}'), text])]),
      ),
    };
    const view = {
      comment: "it's $A",
      image: mixed(['ghcr.io/acme/chat:', interpolation('${TAG:?}')]),
      texts,
      environment,
    };
    const services = await read(engine.render('t/compose.yaml', view), engine.render('t/.env.test', view));
    expect(services['api']?.image).toBe('ghcr.io/acme/chat:1.0');
    expect(services['api']?.command).toEqual(texts);
    expect(Object.values(services['api']?.labels ?? {}).sort()).toEqual([...texts].sort());
    texts.forEach((text, index) => {
      expect(services['api']?.environment[`V${index}`]).toBe(text);
      expect(services['api']?.environment[`M${index}`]).toBe(`${text}s$et${text}`);
      expect(services['file']?.environment[`E${index}`]).toBe(text);
    });
  },
);

test('names of variables are refused where an env file would not have them', () => {
  const engine = engineWith({ 't/.env.test': '{{name}}={{value}}' });
  expect(engine.render('t/.env.test', { name: 'A_1', value: 1 })).toBe('A_1=1\n');
  for (const name of ['', '1A', 'A-B', 'A B', 'A\n', 'A=']) {
    expect(() => engine.render('t/.env.test', { name, value: 1 })).toThrow('a name is letters, digits and _');
  }
});
