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

/** kubectl's log line around the reason is of no use to a reader. */
const reasonIn = (stderr: string): string => {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return /err="((?:[^"\\]|\\.)*)"/.exec(last)?.[1]?.replaceAll('\\"', '"') ?? last;
};
