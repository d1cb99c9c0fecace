/** Variables and arguments of a rendered overlay, read back by programs that a kubelet started with them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { UNREADABLE } from '../../src/render/escape/properties.ts';
import { kubernetes } from '../../src/targets/kubernetes/index.ts';
import { SEED } from '../render/runs.ts';
import { cluster, kubectl, ownNamespace, rolledOut } from './cluster.ts';
import { bases, buildImage, engine } from './docker.ts';

const NAME = 'awkward-texts';
const IMAGE = `${NAME}:1.4`;
const BETWEEN = '--- environment ---\0';
/** A log of a container keeps no carriage returns. */
const PRINT = `{ printf '%s\\0' "$@" '--- environment ---'; cat /proc/self/environ; } | base64; echo whole; exec sleep 3600`;
const awkward = fc.constantFrom(
  ...'$"\'\\ {}`#%&;()<>|*?[]!~=:\t\n\r@,-éA日🚀\u2028\u0001'.split(/(?:)/u),
  '$(A)',
  '$$',
  '${',
);
const texts = fc
  .sample(fc.string({ unit: awkward, maxLength: 20 }), { seed: SEED, numRuns: 200 })
  .filter(text => !UNREADABLE.test(text));

/** What a person writes so that the program gets this text. */
const written = (text: string) => text.replaceAll('${', () => '$${');

const config = stringify({
  version: 1,
  name: NAME,
  image: { tag: '1.4' },
  services: {
    it: {
      language: 'go',
      kind: 'worker',
      timeouts: { request: '1s', drain: '1s' },
      env: {
        ...Object.fromEntries(texts.map((text, index) => [`V${index}`, written(text)])),
        A: 'not to be put in anywhere',
        RELEASE: 'v${tag}',
      },
      args: [...texts.map(written), '${tag}'],
    },
  },
  targets: { kubernetes: { networkPolicy: false } },
});

let folder = '';
beforeAll(async () => {
  await Promise.all([cluster.up(), engine.up()]);
  folder = await mkdtemp(join(tmpdir(), 'aideploy-texts-'));
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(config)));
  for (const { path, content } of kubernetes.render(model, await createEngine())) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const entrypoint = ['sh', '-c', PRINT, 'sh'];
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM ${bases.debian}\nENTRYPOINT ${JSON.stringify(entrypoint)}\n`,
  );
  await buildImage({ context: folder, tag: IMAGE });
  await cluster.load(IMAGE);
  await ownNamespace(NAME);
});
afterAll(() => rm(folder, { recursive: true }));

it(`reach the program as they were written (seed ${SEED})`, async () => {
  await kubectl(['apply', '--kustomize', join(folder, 'deploy/k8s/overlays/production')]);
  await rolledOut(NAME, `deployment/${NAME}`);
  const log = () => kubectl(['logs', `deployment/${NAME}`, '--namespace', NAME]);
  // What has no probe counts as ready before it has said anything.
  await expect.poll(log, { timeout: 60_000, interval: 500 }).toMatch(/^whole$/m);
  const text = Buffer.from((await log()).replace('whole', ''), 'base64').toString();
  const [args, environ] = text.split(BETWEEN).map(part => part.split('\0').slice(0, -1));
  expect(args).toEqual([...texts, '1.4']);
  const variables = new Map(
    environ?.map(entry => [entry.split('=', 1)[0], entry.replace(/^[^=]*=/s, '')] as const),
  );
  expect(texts.map((_, index) => variables.get(`V${index}`))).toEqual(texts);
  expect(variables.get('RELEASE')).toBe('v1.4');
});
