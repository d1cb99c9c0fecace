/** The services that are brought to a cluster: their configuration, their images, and what a person does to deploy them. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { aideploy, project, ROOT } from '../cli/run.ts';
import { until } from '../services/programs.ts';
import { cluster, kubectl, ownNamespace, read, rolledOut, stateOf } from './cluster.ts';
import { bases, buildImage } from './docker.ts';

const REGISTRY = 'registry.example.com/acme';

/** As small as a machine of two processors needs it to run two environments beside each other. */
const service = (port: number, more: object) => ({
  port,
  health: { live: '/health/live', ready: '/health/ready', deep: '/health/deep', startup: '/health/startup' },
  stream: { kind: 'sse', paths: ['/api/chat/stream'], maxDuration: '40s' },
  timeouts: { request: '10s', startup: '60s', drainDelay: '5s' },
  resources: { cpu: { request: '50m', limit: 1 }, memory: { request: '128Mi', limit: '256Mi' } },
  scale: { min: 2, max: 3, cpu: '80%' },
  public: true,
  ...more,
});

const env = {
  PORT: '${port}',
  METRICS_PORT: '${metrics.port}',
  SHUTDOWN_TIMEOUT: '${timeouts.drain}',
};

export interface Deployed {
  /** The folder of test/services, and of the namespaces. */
  readonly name: string;
  readonly services: Readonly<Record<string, object>>;
  readonly database?: object;
  /** Where its images are said to be; whatever it is, the cluster's own has them. */
  readonly registry?: string;
  readonly targets?: object;
  readonly bases: Readonly<Record<string, string>>;
}

const go = {
  language: 'go',
  version: '1.26',
  build: { main: './cmd/server' },
  metrics: { port: 9090 },
  env,
  secrets: ['LLM_API_KEY'],
};

export const SERVICES: readonly Deployed[] = [
  { name: 'go', services: { api: service(8080, go) }, bases: { BUILD_IMAGE: bases.golang } },
  {
    name: 'python',
    services: {
      api: service(8001, {
        language: 'python',
        version: '3.11',
        build: { main: 'app.main:app' },
        secrets: ['LLM_API_KEY'],
      }),
    },
    bases: { BUILD_IMAGE: bases.python, RUNTIME_IMAGE: bases.python },
  },
  {
    name: 'go-postgres',
    services: {
      api: service(8080, {
        ...go,
        metrics: {},
        secrets: [{ name: 'DATABASE_URL', from: 'database' }],
        dependsOn: ['db'],
      }),
    },
    database: {
      version: '15',
      name: 'chat',
      user: 'chat_app',
      owner: 'chat_owner',
      size: '1Gi',
      migrations: { run: 'command', command: ['/server', 'migrate'] },
    },
    bases: { BUILD_IMAGE: bases.golang },
  },
];

export const ENVIRONMENTS = ['production', 'staging'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const unitOf = ({ name }: Deployed): string => `proof-${name}`;

export const namespaceOf = (deployed: Deployed, environment: Environment): string =>
  environment === 'production' ? unitOf(deployed) : `${unitOf(deployed)}-${environment}`;

/** A project with its sources and images of two releases, v1 and v2, in the registry. */
export async function projectOf(deployed: Deployed): Promise<string> {
  const folder = await project();
  await cp(join(ROOT, 'test/services', deployed.name), folder, { recursive: true });
  await configure(folder, deployed);
  await render(folder, 'v1');
  for (const tag of ['v1', 'v2']) {
    const image = `${unitOf(deployed)}:${tag}`;
    await buildImage({ context: folder, tag: image, args: { ...deployed.bases, VERSION: tag } });
    await cluster.load(`${image}=${REGISTRY}/${image}`);
  }
  return folder;
}

/** Writes aideploy.yaml, with these variables for the program beside its own. */
export async function configure(folder: string, deployed: Deployed, variables: object = {}): Promise<void> {
  const services = Object.entries(deployed.services).map(([key, written]) => {
    const own = 'env' in written ? (written.env as object) : {};
    return [key, { ...written, env: { ...own, ...variables } }];
  });
  const configuration = {
    version: 1,
    name: unitOf(deployed),
    domain: `${deployed.name}.example.com`,
    image: { registry: deployed.registry ?? REGISTRY },
    services: Object.fromEntries(services),
    ...(deployed.database && { database: deployed.database }),
    targets: { docker: {}, kubernetes: { expose: { gateway: 'infra/public' } }, ...deployed.targets },
    environments: {
      staging: {
        domain: `staging.${deployed.name}.example.com`,
        services: { api: { scale: { min: 1, max: 2 } } },
      },
    },
  };
  await writeFile(join(folder, 'aideploy.yaml'), stringify(configuration));
}

export async function render(folder: string, tag: string): Promise<void> {
  const { code, stdout, stderr } = await aideploy(['render', '--tag', tag], { cwd: folder });
  expect(code, stdout + stderr).toBe(0);
}

const below = (folder: string, ...path: string[]) => join(folder, 'deploy/k8s', ...path);

/** As the comments of the rendered files say: the namespace, its Secrets, the overlay, and the migrations' job. */
export async function install(folder: string, deployed: Deployed, environment: Environment): Promise<void> {
  const namespace = namespaceOf(deployed, environment);
  await ownNamespace(namespace);
  await kubectl(['apply', '--filename', below(folder, 'overlays', environment, 'namespace.yaml')]);
  await fillSecrets(folder, namespace);
  await apply(folder, environment);
  if (deployed.database) await migrate(deployed, namespace);
  await rolledOut(namespace, `deployment/${unitOf(deployed)}`);
}

export async function apply(folder: string, environment: Environment): Promise<void> {
  await kubectl(['apply', '--kustomize', below(folder, 'overlays', environment)]);
}

export async function fillSecrets(folder: string, namespace: string): Promise<void> {
  const files = await readdir(below(folder, 'secrets'));
  for (const file of files.filter(name => name.endsWith('.env.example'))) {
    const filled = (await readFile(below(folder, 'secrets', file), 'utf8')).replaceAll(
      /=$/gm,
      '=s3cret-4f2c',
    );
    await writeFile(join(folder, 'filled.env'), filled);
    const name = file.replace('.env.example', '');
    const flags = ['--namespace', namespace, `--from-env-file=${join(folder, 'filled.env')}`];
    const secret = await kubectl([
      'create',
      'secret',
      'generic',
      name,
      ...flags,
      '--dry-run=client',
      '--output=yaml',
    ]);
    await kubectl(['apply', '--server-side', '--filename', '-'], secret);
  }
}

async function migrate(deployed: Deployed, namespace: string): Promise<void> {
  const cronJob = `${unitOf(deployed)}-migrate`;
  const job = `${cronJob}-v1`;
  await rolledOut(namespace, `statefulset/${unitOf(deployed)}-db`);
  await kubectl(['create', 'job', `--from=cronjob/${cronJob}`, job, '--namespace', namespace]);
  await until(
    async () => {
      const { status } = await read<{ status: { succeeded?: number; failed?: number } }>([
        'job',
        job,
        '--namespace',
        namespace,
      ]);
      if (status.failed) throw new Error(`${job} failed${await stateOf(namespace)}`);
      return status.succeeded === 1;
    },
    job,
    180_000,
  );
}
