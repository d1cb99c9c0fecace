import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

/** A builder that needs no daemon, on Dockerfiles that need no base image and run nothing. */
async function inFolder<Result>(
  use: (folder: string, buildah: (...args: string[]) => string) => Promise<Result>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-dockerfile-'));
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(folder, 'root'),
    '--runroot',
    join(folder, 'run'),
  ];
  try {
    await mkdir(join(folder, 'context'));
    return await use(folder, (...args) =>
      execFileSync('buildah', [...storage, ...args], { encoding: 'utf8', maxBuffer: 64 << 20 }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const build = (dockerfile: string): Promise<Image> =>
  inFolder(async (folder, buildah) => {
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    const flags = ['--quiet', '--isolation', 'chroot', '--format', 'docker', '--tag', 'values'];
    buildah('bud', ...flags, '--file', join(folder, 'Dockerfile'), join(folder, 'context'));
    return JSON.parse(buildah('inspect', '--type', 'image', 'values')).Docker.config;
  });

/** Which of these files a build leaves out. */
const ignored = (files: readonly string[], dockerignore: string): Promise<string[]> =>
  inFolder(async (folder, buildah) => {
    const context = join(folder, 'context');
    for (const file of files) await writeFile(join(context, file), '');
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
    await writeFile(join(folder, 'ignore'), dockerignore);
    const flags = ['--quiet', '--isolation', 'chroot', '--ignorefile', join(folder, 'ignore')];
    buildah('bud', ...flags, '--file', join(folder, 'Dockerfile'), '--output', join(folder, 'out'), context);
    const copied = new Set(await readdir(join(folder, 'out')));
    return files.filter(file => !copied.has(file));
  });

/** A name that a file can have, and a line of a .dockerignore too. */
function isName(text: string): boolean {
  return (
    !/[/\r\n]/.test(text) &&
    !/^[\s\u0085]|[\s\u0085]$/.test(text) &&
    !['', '.', '..'].includes(text) &&
    !text.includes('\ufffd')
  );
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

  test('ignores the files that are named, and no others', async () => {
    const named = new Set(sampleTexts(runs(100)).slice(0, 500).filter(isName));
    const files = [...named, ...[...named].map(name => `${name}x`)].filter(isName);
    const source = '# not {{comment}}\n{{#each names}}\n{{this}}\n{{/each}}\n';
    const dockerignore = renderOnce('t/.dockerignore', source, { comment: '!a', names: [...named] });
    const wanted = new Set(named);
    expect(await ignored([...new Set(files)], dockerignore)).toEqual(files.filter(file => wanted.has(file)));
  });
});
