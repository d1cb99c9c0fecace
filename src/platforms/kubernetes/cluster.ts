import { request as plainRequest, type RequestOptions } from 'node:http';
import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Answer, Obstacle } from '../answer.ts';
import { type Reply, refusal } from './refusal.ts';

/** Questions to the API server that a kubeconfig names; objects are plain JSON, as the API writes them. */
export interface Cluster {
  readonly context: string;
  /** Undefined where there is no such object. */
  get<T>(path: string, signal: AbortSignal): Promise<Answer<T | undefined>>;
  text(path: string, signal: AbortSignal): Promise<Answer<string>>;
  /** What the server would make of an object, without making it. */
  dryRun<T>(path: string, object: object, manager: string, signal: AbortSignal): Promise<Answer<T>>;
  /** Whatever the server answers, its refusals too: they are the caller's to judge. */
  send(request: Request, signal: AbortSignal): Promise<Answer<Reply>>;
}

export interface Request {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  /** Written as JSON. */
  readonly body?: object;
  /** Of the body, where it is a patch. */
  readonly type?: string;
  readonly accept?: string;
}

/** YAML of which JSON is a part: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export const APPLY = 'application/apply-patch+yaml';

/** What the client makes up where it finds no configuration at all. */
const MADE_UP = 'loaded-context';
const LONGEST = 32 * 2 ** 20;
/** A connection on which nothing comes for so long leads nowhere. Milliseconds. */
const SILENCE = 30_000;
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
  const send = async (request: Request, signal: AbortSignal): Promise<Answer<Reply>> => {
    try {
      return { value: await ask(config, server, request, signal) };
    } catch (error) {
      return { obstacle: unreachable(server, error as Error) };
    }
  };
  return {
    context: config.currentContext,
    send,
    async get<T>(path: string, signal: AbortSignal): Promise<Answer<T | undefined>> {
      const { value, obstacle } = await send({ method: 'GET', path }, signal);
      if (obstacle) return { obstacle };
      if (value.status === 404) return { value: undefined };
      return value.status === 200
        ? { value: JSON.parse(value.body) as T }
        : { obstacle: refusal(path, value) };
    },
    async text(path, signal) {
      const { value, obstacle } = await send({ method: 'GET', path }, signal);
      if (obstacle) return { obstacle };
      return value.status === 200 ? { value: value.body } : { obstacle: refusal(path, value) };
    },
    async dryRun<T>(path: string, object: object, manager: string, signal: AbortSignal): Promise<Answer<T>> {
      const query = `dryRun=All&fieldManager=${encodeURIComponent(manager)}&force=true`;
      const request: Request = { method: 'PATCH', path: `${path}?${query}`, type: APPLY, body: object };
      const { value, obstacle } = await send(request, signal);
      if (obstacle) return { obstacle };
      return value.status < 300 ? { value: JSON.parse(value.body) as T } : { obstacle: refusal(path, value) };
    },
  };
}

async function ask(config: KubeConfig, server: string, wanted: Request, signal: AbortSignal): Promise<Reply> {
  const { method, path, body, type = 'application/json', accept = 'application/json, */*' } = wanted;
  const headers = { accept, ...(body && { 'content-type': type }) };
  const options: RequestOptions = { method, headers, signal, timeout: SILENCE };
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
    asked.on('timeout', () => asked.destroy(new Error(`nothing came for ${SILENCE / 1_000} s`)));
    asked.end(body && JSON.stringify(body));
  });
}

const unreachable = (server: string, { message }: Error): Obstacle => ({
  why: `the API server ${server} does not answer: ${message}`,
  next: 'make `kubectl get --raw /version` work with this kubeconfig',
  away: true,
});
