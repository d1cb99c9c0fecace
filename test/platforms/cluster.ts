/** A real Kubernetes for tests: one for the machine, and the namespaces that a test file makes end with the file. */
import { execFile, execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { parse, stringify } from 'yaml';
import { project } from '../cli/run.ts';

const script = fileURLToPath(new URL('cluster', import.meta.url));

/** Kinds that the cluster can be taught. */
export type Kinds =
  | 'cert-manager'
  | 'envoy-gateway'
  | 'external-secrets'
  | 'gateway-api'
  | 'knative'
  | 'prometheus-operator'
  | 'traefik';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const cluster = {
  /** Minutes the first time, half a minute when it is down, a second when it runs. */
  up: (): Promise<string> => answerOf(script, ['up']),
  /** Gives the node images that `buildImage` made. */
  load: (...images: string[]): Promise<string> => answerOf(script, ['load', ...images]),
  install: (...kinds: Kinds[]): Promise<string> => answerOf(script, ['crds', ...kinds]),
  /** What a program such as aideploy needs in its environment to reach the cluster. */
  env(): Record<string, string> {
    const lines = execFileSync(script, ['env'], { encoding: 'utf8' }).trim().split('\n');
    return Object.fromEntries(lines.map(line => /^export (\w+)='(.*)'$/.exec(line)?.slice(1) ?? []));
  },
};

/** Runs kubectl and returns what it printed; what it refuses is an error in its words. */
export const kubectl = (args: readonly string[], input?: string): Promise<string> =>
  answerOf('kubectl', args, input);

/** The same, where a refusal is an answer too. */
export const tryKubectl = (args: readonly string[], input?: string): Promise<Answer> =>
  attempt('kubectl', args, input);

export async function read<T>(args: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl(['get', ...args, '--output', 'json'])) as T;
}

/** A kubeconfig, as much of it as tests change. */
export interface Kubeconfig {
  readonly clusters: { cluster: { server: string; 'tls-server-name'?: string } }[];
  readonly users: { name: string; user: object }[];
}

/** A kubeconfig like this one, but for what is changed in it: the path of its file. */
export async function kubeconfigLike(path: string, change: (config: Kubeconfig) => void): Promise<string> {
  const config = parse(await readFile(path, 'utf8')) as Kubeconfig;
  change(config);
  const written = join(await project(), 'kubeconfig');
  await writeFile(written, stringify(config), { mode: 0o600 });
  return written;
}

/** For a program that comes as a service account: with the rights of that, and no others. */
export async function kubeconfigOf(namespace: string, account: string): Promise<string> {
  const token = await kubectl(['create', 'token', account, '--namespace', namespace, '--duration', '2h']);
  return kubeconfigLike(cluster.env()['KUBECONFIG'] ?? '', config => {
    for (const each of config.users) each.user = { token: token.trim() };
  });
}

/** Namespaces that are new, and go after the file; the manifests that are applied make them. */
export async function ownNamespace(...names: string[]): Promise<void> {
  const remove = ['delete', 'namespace', '--ignore-not-found', ...names];
  await kubectl([...remove, '--timeout', '300s']);
  started.push(() => kubectl([...remove, '--wait=false']));
}

/** Waits for a rollout; one that does not come to its end says what its pods had to say. */
export async function rolledOut(namespace: string, workload: string): Promise<void> {
  const flags = ['--namespace', namespace];
  const { code, stderr } = await tryKubectl(['rollout', 'status', workload, ...flags, '--timeout', '300s']);
  if (code !== 0) throw new Error(`${workload}: ${stderr}${await stateOf(namespace)}`);
}

/** What a person would look at when something in a namespace does not work. */
export async function stateOf(namespace: string): Promise<string> {
  const flags = ['--namespace', namespace];
  const questions = [
    ['get', 'pods,jobs,pvc,hpa', '--output', 'wide', ...flags],
    ['events', '--types', 'Warning', ...flags],
    ['logs', '--selector', 'app.kubernetes.io/name', '--all-containers', '--prefix', '--tail', '5', ...flags],
  ];
  const answers = await Promise.all(questions.map(question => tryKubectl(question)));
  return answers.map(({ stdout, stderr }) => `\n${stdout}${stderr}`).join('');
}

/** Where this machine reaches a Service, as a pod would: through kube-proxy, by the Service's own address. */
export async function urlOf(namespace: string, service: string, port = 'http'): Promise<string> {
  const { spec } = await read<{ spec: { clusterIP: string; ports: { name: string; port: number }[] } }>([
    'service',
    service,
    '--namespace',
    namespace,
  ]);
  const found = spec.ports.find(({ name }) => name === port);
  if (!found) throw new Error(`service ${service} has no port ${port}: ${JSON.stringify(spec.ports)}`);
  return `http://${spec.clusterIP}:${found.port}`;
}

const started: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

async function answerOf(file: string, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await attempt(file, args, input);
  if (code === 0) return stdout;
  const tail = `${stdout}${stderr}`.split('\n').slice(-40).join('\n');
  throw new Error(`${[file, ...args].join(' ')} exited with ${code}:\n${tail}`);
}

function attempt(file: string, args: readonly string[], input = ''): Promise<Answer> {
  const env = file === script ? process.env : { ...process.env, ...cluster.env() };
  return new Promise(resolve => {
    const child = execFile(file, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: code === -1 ? `${stderr}${error?.message}` : stderr });
    });
    // One that ends before it has read says why.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
