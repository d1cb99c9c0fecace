/** The guides whole: also what they do with Docker. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { follow } from '../guides/follow.ts';
import { GUIDES } from '../guides/guide.ts';
import { ports } from '../guides/ports.ts';
import { bases, compose, docker, engine } from './docker.ts';

const realDocker = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim();

/** `docker build` by buildah with local base images, as for all tests here; the rest is the real client. */
const DOCKER = `#!/usr/bin/env bash
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
    exec '${fileURLToPath(new URL('build-image', import.meta.url))}' "$tag" "$context" "\${flags[@]}" \\
      --build-arg BUILD_IMAGE=${bases.node} --build-arg RUNTIME_IMAGE=${bases.node} >/dev/null 2>&1 ;;
  *) exec '${realDocker}' "$@" ;;
esac
`;

let state = '';
beforeAll(async () => {
  await engine.up();
  state = await mkdtemp(join(tmpdir(), 'aideploy-guides-'));
});
afterAll(() => rm(state, { recursive: true }));

const GONE = ['--volumes', '--remove-orphans', '--timeout', '1'];
const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

it.each(GUIDES.filter(({ steps }) => steps.some(({ needs }) => needs === 'compose')))(
  '$name',
  async guide => {
    ended.push(async () => {
      await compose(['--project-name', guide.name, 'down', ...GONE]);
      const images = [
        'image',
        'ls',
        '--filter',
        `reference=${guide.name}:*`,
        '--format',
        '{{.Repository}}:{{.Tag}}',
      ];
      await docker(['image', 'rm', ...(await docker(images)).trim().split('\n')]);
    });
    expect(
      await follow(guide, {
        needs: ['compose'],
        env: { ...engine.env(), AIDEPLOY_STATE: state },
        programs: { docker: DOCKER },
        words: await ports(guide.name),
      }),
    ).toEqual([]);
  },
);
