/**
 * Rendered overlays on a real Kubernetes: rolled out, replaced under load, and not to be taken down by a release that
 * is no good.
 */
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cluster, kubectl, read, rolledOut, stateOf, tryKubectl, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import {
  apply,
  configure,
  ENVIRONMENTS,
  install,
  namespaceOf,
  projectOf,
  render,
  SERVICES,
  unitOf,
} from './kubernetes-services.ts';

const SECOND = 1_000;

beforeAll(async () => {
  await engine.up();
  await cluster.up();
  await cluster.install('gateway-api', 'prometheus-operator');
  await cluster.load('testbed.local/postgres:15=postgres:15-bookworm');
});

interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  status: {
    /** None of one that was made a moment ago. */
    conditions?: { type: string; status: string }[];
    containerStatuses?: { restartCount: number; state: { waiting?: { reason: string } } }[];
  };
}

const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
const isStaying = ({ metadata }: Pod) => metadata.deletionTimestamp === undefined;
const stateOfPod = (pod: Pod) =>
  `${isReady(pod) ? 'ready' : 'not ready'}, restarts: ${pod.status.containerStatuses?.map(({ restartCount }) => restartCount)}`;

describe.each(SERVICES.map(each => [each.name, each] as const))('%s', (_, deployed) => {
  const unit = unitOf(deployed);
  const namespace = namespaceOf(deployed, 'production');
  const deployment = `deployment/${unit}`;
  let folder: string;
  let url: string;

  const pods = async (where = namespace) => {
    const selector = `app.kubernetes.io/name=${unit}`;
    const { items } = await read<{ items: Pod[] }>(['pods', '--namespace', where, '--selector', selector]);
    return items;
  };
  const readyPods = async () =>
    (await pods())
      // One that is about to end is ready until its preStop is over, but gets nothing new.
      .filter(pod => isReady(pod) && isStaying(pod))
      .map(({ metadata }) => metadata.name);
  /** Renders a release, applies it to production and waits until its pods have replaced the others. */
  const release = async (tag: string) => {
    await render(folder, tag);
    await apply(folder, 'production');
    await rolledOut(namespace, deployment);
  };
  const versions = () =>
    Promise.all(
      Array.from({ length: 6 }, async () => JSON.parse((await ask(`${url}/version`)).body).version),
    );

  beforeAll(async () => {
    folder = await projectOf(deployed);
    for (const environment of ENVIRONMENTS) await install(folder, deployed, environment);
    url = await urlOf(namespace, unit);
  });

  it.each(ENVIRONMENTS)('%s is rolled out, with every probe green', async environment => {
    const where = namespaceOf(deployed, environment);
    const states = async () => new Set((await pods(where)).filter(isStaying).map(stateOfPod));
    // An autoscaler that saw them start may have added one, which starts as well.
    await expect
      .poll(states, { timeout: 60 * SECOND, interval: SECOND })
      .toEqual(new Set(['ready, restarts: 0']));
    const address = await urlOf(where, unit);
    expect((await ask(`${address}/health/ready`)).status).toBe(200);
    expect((await ask(`${address}/api/chat`, '{"message": "Hello"}')).body).toContain('Hello');
  });

  it('runs in a namespace that admits restricted pods only', async () => {
    const root = ['run', 'root', '--image=registry.example.com/any:1', '--namespace', namespace];
    const { code, stderr } = await tryKubectl([...root, '--dry-run=server']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('violates PodSecurity "restricted:')]);
  });

  it('replaces its pods under load: no request fails, and streams that are open finish', async () => {
    const before = await readyPods();
    const streams = Array.from({ length: 4 }, () =>
      stream(`${url}/api/chat/stream?q=hi&chunks=30&delayMs=1000`),
    );
    const load = await under(url, async () => {
      await kubectl(['rollout', 'restart', deployment, '--namespace', namespace]);
      await rolledOut(namespace, deployment);
    });
    expect(load).toMatchObject({ failures: [] });
    expect(load.requests).toBeGreaterThan(100);
    expect((await readyPods()).filter(name => before.includes(name))).toEqual([]);
    for (const text of await Promise.all(streams)) {
      expect(text.match(/"token"/g)).toHaveLength(30);
      expect(text).toMatch(/data: \[DONE\]\s*$/);
    }
  });

  it('is upgraded under load, and no request fails', async () => {
    expect(await versions()).toEqual(Array(6).fill('v1'));
    expect(await under(url, () => release('v2'))).toMatchObject({ failures: [] });
    // The last of the old pods leaves the Service a moment after the new ones are ready.
    await expect.poll(versions, { timeout: 30 * SECOND }).toEqual(Array(6).fill('v2'));
  });

  /** A release that can't come to its end: what ran before goes on, and the next one finds it in order. */
  const failing = async (reason: (pod: Pod) => boolean, go: () => Promise<void>) => {
    const before = await readyPods();
    const { failures } = await under(url, async () => {
      await go();
      await expect
        .poll(async () => (await pods()).some(reason), { timeout: 120 * SECOND, interval: 500 })
        .toBe(true);
      await sleep(5 * SECOND);
    });
    expect(failures).toEqual([]);
    // One whose probe had to wait is not ready for a moment.
    await expect
      .poll(readyPods, { timeout: 30 * SECOND, interval: SECOND })
      .toEqual(expect.arrayContaining(before));
    const status = ['rollout', 'status', deployment, '--namespace', namespace, '--timeout', '1s'];
    expect((await tryKubectl(status)).code).not.toBe(0);
  };

  it('keeps the old pods where the new image is not to be had', async () => {
    await failing(
      ({ status }) =>
        ['ErrImagePull', 'ImagePullBackOff'].includes(
          status.containerStatuses?.[0]?.state.waiting?.reason ?? '',
        ),
      async () => {
        await render(folder, 'v3');
        await apply(folder, 'production');
      },
    );
  });

  it('keeps the old pods where the new ones never get ready', async () => {
    const before = await readyPods();
    await failing(
      pod => isRunning(pod) && !isReady(pod) && !before.includes(pod.metadata.name),
      async () => {
        await configure(folder, deployed, { NEVER_READY: '1' });
        await render(folder, 'v2');
        await apply(folder, 'production');
      },
    );
    await configure(folder, deployed);
    await release('v2');
  });

  it('is scaled by the CPU that it uses, and may be evicted one pod at a time', async () => {
    const autoscaler = async () => {
      const { status } = await read<{ status: Autoscaler }>(['hpa', unit, '--namespace', namespace]);
      const active = status.conditions?.find(({ type }) => type === 'ScalingActive');
      return [active?.status, typeof status.currentMetrics?.[0]?.resource?.current.averageUtilization];
    };
    await expect
      .poll(autoscaler, { timeout: 180 * SECOND, interval: SECOND })
      .toEqual(['True', 'number'])
      .catch(async error => {
        throw new Error(`${error}${await stateOf(namespace)}`);
      });
    const budget = async () =>
      (await read<{ status: object }>(['pdb', unit, '--namespace', namespace])).status;
    // None while a pod that the autoscaler added is still to start.
    await expect
      .poll(budget, { timeout: 60 * SECOND, interval: SECOND })
      .toMatchObject({ disruptionsAllowed: 1 });
  });
});

interface Autoscaler {
  conditions?: { type: string; status: string }[];
  currentMetrics?: { resource?: { current: { averageUtilization?: number } } }[];
}

const isRunning = ({ status }: Pod) =>
  status.conditions?.some(({ type, status }) => type === 'Initialized' && status === 'True') === true &&
  status.containerStatuses?.every(({ state }) => !state.waiting) === true;

interface Heard {
  status: number;
  body: string;
}

/** One request on a connection of its own, so that each is routed anew. */
async function ask(url: string, body?: string): Promise<Heard> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const signal = AbortSignal.timeout(60 * SECOND);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false, headers, method, signal }, resolve).once('error', reject).end(body);
  });
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return { status: answer.statusCode ?? 0, body: text };
}

const stream = async (url: string): Promise<string> => (await ask(url)).body;

/** A bounded load of both kinds of requests, until the work is done. */
async function under(
  url: string,
  work: () => Promise<unknown>,
): Promise<{ requests: number; failures: string[] }> {
  const load = { requests: 0, failures: [] as string[] };
  let done = false;
  const client = async (i: number) => {
    while (!done) {
      const asked = i % 2 ? ask(`${url}/version`) : ask(`${url}/api/chat`, '{"message": "hi"}');
      await asked.then(
        ({ status, body }) => status === 200 || load.failures.push(`${i}: ${status} ${body}`),
        error => load.failures.push(`${i}: ${error}`),
      );
      load.requests++;
      await sleep(50);
    }
  };
  const clients = Array.from({ length: 3 }, (_, i) => client(i));
  await work().finally(() => {
    done = true;
  });
  await Promise.all(clients);
  return load;
}
