/** The guides whole: also what they do with Docker, and on a host with systemd. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { follow } from '../guides/follow.ts';
import { GUIDES, type Need } from '../guides/guide.ts';
import { ports } from '../guides/ports.ts';
import { bases, compose, docker, engine } from './docker.ts';
import { startHost } from './host.ts';
import { openSsh } from './ssh.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const realDocker = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim();

interface Place {
  /** As Compose knows it; images are named for it. */
  readonly project: string;
  /** What stands for the images that its Dockerfiles begin with. */
  readonly args: Readonly<Record<string, string>>;
  /** What stands for images that it takes as they are. */
  readonly images?: Readonly<Record<string, string>>;
}

const PLACES: Readonly<Record<string, Place>> = {
  chatbot: { project: 'chatbot', args: { BUILD_IMAGE: bases.node, RUNTIME_IMAGE: bases.node } },
  'go-postgres': {
    project: 'fleet',
    args: { BUILD_IMAGE: bases.golang },
    images: { 'postgres:15-bookworm': bases.postgres },
  },
  'multi-service': {
    project: 'assistant',
    args: { BUILD_IMAGE: bases.golang },
    images: { 'ollama/ollama:0.12.6': bases.ollama },
  },
};

/** `docker build` by buildah with local base images, as for all tests here; the rest is the real client. */
const dockerWith = (args: Readonly<Record<string, string>>): string => `#!/usr/bin/env bash
case $1 in
  buildx) exit 1 ;;
  build)
    flags=() tag='' context=''
    shift
    while [ $# -gt 0 ]; do
      case $1 in
        --tag) tag=$2; shift ;;
        --*) flags+=("$1" "$2"); shift ;;
        *) context=$1 ;;
      esac
      shift
    done
    exec '${script('build-image')}' "$tag" "$context" "\${flags[@]}" \
      ${Object.entries(args)
        .map(([name, image]) => `--build-arg ${name}=${image}`)
        .join(' ')} >/dev/null 2>&1 ;;
  *) exec '${realDocker}' "$@" ;;
esac
`;

/** The tests are root, on a machine that may have no sudo. */
const SUDO = '#!/bin/sh\nexec "$@"\n';

let state = '';
beforeAll(async () => {
  await engine.up();
  state = await mkdtemp(join(tmpdir(), 'aideploy-guides-'));
});
afterAll(() => rm(state, { recursive: true }));

const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const thatNeed = (need: Need) => GUIDES.filter(({ steps }) => steps.some(({ needs }) => needs === need));

async function forget(project: string): Promise<void> {
  await compose(['--project-name', project, 'down', '--volumes', '--remove-orphans', '--timeout', '1']);
  const images = await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']);
  const own = new RegExp(`^${project}\\b|:aideploy-${project}-`);
  execFileSync(
    script('remove-image'),
    images.split('\n').filter(name => own.test(name)),
    { stdio: 'ignore' },
  );
}

it.each(thatNeed('compose'))('$name', async guide => {
  const place = PLACES[guide.name];
  if (!place) throw new Error(`nothing is prepared for ${guide.name}`);
  for (const [image, base] of Object.entries(place.images ?? {})) await docker(['tag', base, image]);
  ended.push(() => forget(place.project));
  expect(
    await follow(guide, {
      needs: ['compose'],
      env: { ...engine.env(), AIDEPLOY_STATE: state },
      programs: { docker: dockerWith(place.args), sudo: SUDO },
      words: { ...(await ports(guide.name)), '/backups/': `${state}/backups/` },
    }),
  ).toEqual([]);
});

it.each(thatNeed('systemd'))('$name', async guide => {
  const host = await startHost('aideploy-guides');
  await openSsh(host);
  const words = { ...(await ports(guide.name)), web1: host.address };
  expect(await follow(guide, { needs: ['systemd'], words })).toEqual([]);
});
