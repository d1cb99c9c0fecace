import { request as plainRequest, type RequestOptions } from 'node:http';
import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Answer, Obstacle } from '../answer.ts';

/** Questions to the API server that a kubeconfig names; objects are plain JSON, as the API writes them. */
export interface Cluster {
  readonly context: string;
  /** Undefined where there is no such object. */
  get<T>(path: string, signal: AbortSignal): Promise<Answer<T | undefined>>;
  text(path: string, signal: AbortSignal): Promise<Answer<string>>;
  /** What the server would make of an object, without making it. */
  dryRun<T>(path: string, object: object, manager: string, signal: AbortSignal): Promise<Answer<T>>;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Question {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What the client makes up where it finds no configuration at all. */
const MADE_UP = 'loaded-context';
const LONGEST = 32 * 2 ** 20;
const configs = new Map<string, KubeConfig>();

/** By $KUBECONFIG, ~/.kube/config or a pod's own account; logins of a cloud are kept for the whole run. */
export function connect(): Answer<Cluster> {
  const where = process.env['KUBECONFIG'] ?? '';
  const known = configs.get(where);
  const config = known ?? new KubeConfig();
  const next = 'point KUBECONFIG at a kubeconfig that `kubectl get pods` works with';
  try {
    if (!known) config.loadFromDefault();
  } catch (error) {
    return { obstacle: { why: `the kubeconfig cannot be read: ${(error as Error).message}`, next } };
  }
  if (config.currentContext === MADE_UP || !config.getCurrentCluster())
    return { obstacle: { why: 'there is no kubeconfig, or it names no current context', next } };
  configs.set(where, config);
  return { value: clusterOf(config) };
}

function clusterOf(config: KubeConfig): Cluster {
  const server = config.getCurrentCluster()?.server ?? '';
  const put = async (question: Question): Promise<Answer<Reply>> => {
    try {
      return { value: await send(config, server, question) };
    } catch (error) {
      return { obstacle: unreachable(server, error as Error) };
    }
  };
  return {
    context: config.currentContext,
    async get<T>(path: string, signal: AbortSignal): Promise<Answer<T | undefined>> {
      const { value, obstacle } = await put({ method: 'GET', path, signal });
      if (obstacle) return { obstacle };
      if (value.status === 404) return { value: undefined };
      return value.status === 200
        ? { value: JSON.parse(value.body) as T }
        : { obstacle: refusal(path, value) };
    },
    async text(path, signal) {
      const { value, obstacle } = await put({ method: 'GET', path, signal });
      if (obstacle) return { obstacle };
      return value.status === 200 ? { value: value.body } : { obstacle: refusal(path, value) };
    },
    async dryRun<T>(path: string, object: object, manager: string, signal: AbortSignal): Promise<Answer<T>> {
      const query = `dryRun=All&fieldManager=${encodeURIComponent(manager)}&force=true`;
      const { value, obstacle } = await put({
        method: 'PATCH',
        path: `${path}?${query}`,
        body: JSON.stringify(object),
        signal,
      });
      if (obstacle) return { obstacle };
      return value.status < 300 ? { value: JSON.parse(value.body) as T } : { obstacle: refusal(path, value) };
    },
  };
}

async function send(
  config: KubeConfig,
  server: string,
  { method, path, body, signal }: Question,
): Promise<Reply> {
  // YAML of which JSON is a part: https://kubernetes.io/docs/reference/using-api/server-side-apply/
  const headers = body === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' };
  const options: RequestOptions = {
    method,
    headers: { accept: 'application/json, */*', ...headers },
    signal,
  };
  await config.applyToHTTPSOptions(options);
  const url = new URL(`${server.replace(/\/$/, '')}${path}`);
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === 'http:' ? plainRequest : request)(url, options, response => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LONGEST) asked.destroy(new Error(`an answer of more than ${LONGEST} bytes`));
        chunks.push(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const unreachable = (server: string, { message }: Error): Obstacle => ({
  why: `the API server ${server} does not answer: ${message}`,
  next: 'make `kubectl get --raw /version` work with this kubeconfig',
});

function refusal(path: string, { status, body }: Reply): Obstacle {
  const message = messageIn(body);
  const next =
    status === 401 || status === 403
      ? 'log in as somebody who may see it: kubectl auth can-i --list'
      : 'ask the same with kubectl get --raw';
  return { why: `the API server answers ${status} to ${path}${message ? `: ${message}` : ''}`, next };
}

function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return body.slice(0, 200);
  }
}
