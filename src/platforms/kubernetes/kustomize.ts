import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';
import type { KubeObject } from './discovery.ts';

/** The objects of an overlay, as `kubectl apply -k` would send them. */
export async function kustomize(folder: string, signal: AbortSignal): Promise<Answer<KubeObject[]>> {
  const { status, stdout, stderr, message } = await run(command('kubectl', 'kustomize', '--', folder), {
    signal,
    output: 16 * 2 ** 20,
  });
  if (status === 'missing')
    return {
      obstacle: {
        why: 'kubectl is not installed here',
        next: 'install kubectl, which puts an overlay together',
      },
    };
  if (status !== 'ok')
    return {
      obstacle: {
        why: `kubectl kustomize ${folder}: ${reasonIn(stderr) || message}`,
        next: 'aideploy render kubernetes',
      },
    };
  return {
    value: parseAllDocuments(stdout).flatMap(document => (document.toJS() as KubeObject | null) ?? []),
  };
}

/** A project's overlay with these files in the place of its own, which stay as they are. */
export async function kustomizeWith(
  root: string,
  overlay: string,
  files: readonly { readonly path: string; readonly content: string }[],
  signal: AbortSignal,
): Promise<Answer<KubeObject[]>> {
  const all = dirname(dirname(overlay));
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-'));
  try {
    // What somebody added beside the rendered files belongs to the overlay too.
    await cp(join(root, all), join(folder, all), { recursive: true }).catch(ifThere);
    for (const { path, content } of files.filter(each => isBelow(all, each.path))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const { value, obstacle } = await kustomize(join(folder, overlay), signal);
    return obstacle
      ? { obstacle: { ...obstacle, why: obstacle.why.replaceAll(`${folder}/`, '') } }
      : { value };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isBelow = (folder: string, path: string): boolean => !/^\.\.|^\//.test(relative(folder, path));

/** Nothing was rendered there yet. */
function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** kubectl's log line around the reason is of no use to a reader. */
const reasonIn = (stderr: string): string => {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return /err="((?:[^"\\]|\\.)*)"/.exec(last)?.[1]?.replaceAll('\\"', '"') ?? last;
};
