import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const SOURCE = `FROM scratch
{{#each texts}}
# one more
ENV {{concat "E" @index}}={{this}}
{{/each}}
ENV FIRST=1 \\
{{#each texts}}
    {{concat "F" @index}}={{this}} \\
{{/each}}
    LAST=2
{{#each texts}}
LABEL {{concat "l" @index}}={{this}}
{{/each}}
ENTRYPOINT {{json args}}
CMD printf '%s\\0'{{#each texts}} {{this}}{{/each}}
`;

interface Image {
  Env: string[];
  Labels: Record<string, string>;
  Entrypoint: string[];
  Cmd: string[];
}

/** What a builder makes of a Dockerfile that runs nothing: no daemon, no base image. */
async function build(dockerfile: string): Promise<Image> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-dockerfile-'));
  const buildah = (...args: string[]) =>
    execFileSync(
      'buildah',
      ['--storage-driver', 'vfs', '--root', join(folder, 'root'), '--runroot', join(folder, 'run'), ...args],
      {
        encoding: 'utf8',
        maxBuffer: 64 << 20,
      },
    );
  try {
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    buildah('bud', '--quiet', '--isolation', 'chroot', '--format', 'docker', '--tag', 'values', folder);
    return JSON.parse(buildah('inspect', '--type', 'image', 'values')).Docker.config;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const present = spawnSync('buildah', ['--version']).status === 0 && process.getuid?.() === 0;

describe.skipIf(!present)('a builder', () => {
  test('reads every text back, byte for byte', async () => {
    const args = sampleTexts(runs(100)).slice(0, 2000);
    const texts = args.filter(text => !/[\r\n]/.test(text));
    const image = await build(renderOnce('t/Dockerfile', SOURCE, { texts, args }));
    const env = new Map(
      image.Env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    texts.forEach((text, index) => {
      expect(env.get(`E${index}`)).toBe(text);
      expect(env.get(`F${index}`)).toBe(text);
      expect(image.Labels[`l${index}`]).toBe(text);
    });
    expect(image.Entrypoint).toEqual(args);
    expect(image.Cmd.slice(0, 2)).toEqual(['/bin/sh', '-c']);
    const read = execFileSync('sh', { input: image.Cmd[2], encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(read).toEqual(texts);
  });
});
