/** What a container said last, which its kubelet may have thrown away just then. */
import { expect, test } from 'vitest';
import type { Cluster } from '../../src/platforms/kubernetes/cluster.ts';
import { lastWords } from '../../src/platforms/kubernetes/last-words.ts';

const GONE = 'unable to retrieve container logs for containerd://c2b95295b288';
const TROUBLE = { pod: 'chat-0', reason: 'Restarted', message: '', container: 'chat', ended: true };

test.each([
  ['is told', ['no model\n'], ['no model'], 1],
  ['whose container goes just then is told of the next', [GONE, `${GONE}\n`, 'no model\n'], ['no model'], 3],
  ['that nobody has any more is not told in words of the kubelet', [GONE], [], 5],
])('a log %s', async (_, logs, told, asked) => {
  const paths: string[] = [];
  const text = async (path: string) => {
    const value = logs[Math.min(paths.push(path), logs.length) - 1] ?? '';
    return { value };
  };
  const signal = new AbortController().signal;
  expect(await lastWords({ text } as unknown as Cluster, 'shop', TROUBLE, signal)).toEqual(told);
  expect(paths).toEqual(
    Array(asked).fill('/api/v1/namespaces/shop/pods/chat-0/log?container=chat&tailLines=5&previous=true'),
  );
});
