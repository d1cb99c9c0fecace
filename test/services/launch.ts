// The HTTP services as the tests run them: how each is launched, and how one waits until it answers.

import { join } from 'node:path';
import { status } from './clients.ts';
import { freePort } from './ports.ts';
import {
  buildGo,
  type Exit,
  folder,
  installNode,
  type Program,
  pythonEnvironment,
  start,
  temporaryFolder,
  until,
} from './programs.ts';

export const version = { version: '1.2.3', commit: 'abc1234', buildTime: '2026-01-02T03:04:05Z' };
const common = {
  HOST: '127.0.0.1',
  SHUTDOWN_TIMEOUT: '2s',
  HEARTBEAT: '200ms',
  APP_VERSION: version.version,
  APP_COMMIT: version.commit,
  APP_BUILD_TIME: version.buildTime,
};

interface Launch {
  command: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** The command that asks the running program whether it lives, where it has one. */
  health?: string[];
}

export interface Service {
  name: string;
  launch(port: number): Promise<Launch>;
  /** How a drained program may end. */
  drained: Exit[];
  ownMetricsPort?: boolean;
  /** How many there are of it, each of which says that it starts. */
  processes?: number;
}

export const services: Service[] = [
  {
    name: 'Go',
    async launch() {
      const server = join(await goBinaries(), 'server');
      return { command: [server], health: [server, 'health'] };
    },
    drained: [0],
    ownMetricsPort: true,
  },
  {
    name: 'Python under uvicorn',
    async launch(port) {
      const uvicorn = join(await pythonEnvironment(), 'uvicorn');
      const bind = ['--host', '127.0.0.1', '--port', String(port)];
      return {
        command: [uvicorn, 'app.main:app', ...bind, '--timeout-keep-alive', '90'],
        cwd: folder('python'),
      };
    },
    // uvicorn raises the signal once more when it has drained. As a container's first process it exits with 0.
    drained: [0, 'SIGTERM'],
  },
  {
    name: 'Python under gunicorn',
    async launch(port) {
      const gunicorn = join(await pythonEnvironment(), 'gunicorn');
      const worker = [
        '--worker-class',
        'uvicorn.workers.UvicornWorker',
        '--workers',
        '2',
        '--keep-alive',
        '90',
      ];
      return {
        command: [
          gunicorn,
          'app.main:app',
          ...worker,
          '--bind',
          `127.0.0.1:${port}`,
          '--graceful-timeout',
          '30',
        ],
        cwd: folder('python'),
        env: { PROMETHEUS_MULTIPROC_DIR: await temporaryFolder('aideploy-metrics-') },
      };
    },
    drained: [0],
    processes: 2,
  },
  {
    name: 'Python by itself',
    async launch() {
      return { command: [join(await pythonEnvironment(), 'python'), '-m', 'app'], cwd: folder('python') };
    },
    drained: [0],
  },
  {
    name: 'Node',
    async launch() {
      const server = [process.execPath, 'src/server.js'];
      return { command: server, cwd: await nodeFolder(), health: [...server, 'health'] };
    },
    drained: [0],
  },
];

// Built once for the whole file, by whichever test comes first.
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
export const goBinaries = once(() => buildGo('go', version.version));
export const fakeLlm = once(() => buildGo('fake-llm'));
export const nodeFolder = once(installNode);

export interface Running {
  url: string;
  metrics: string;
  program: Program;
  /** Runs the program's own health command against it. */
  selfCheck?: () => Promise<Exit>;
}

export async function launch(service: Service, env: Record<string, string> = {}): Promise<Running> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const launched = await service.launch(port);
  const ports = {
    PORT: String(port),
    ...(service.ownMetricsPort ? { METRICS_PORT: String(metricsPort) } : {}),
  };
  const options = { ...launched, env: { ...common, ...ports, ...launched.env, ...env } };
  const program = start(launched.command, options);
  const { health } = launched;
  return {
    url: `http://127.0.0.1:${port}`,
    metrics: `http://127.0.0.1:${service.ownMetricsPort ? metricsPort : port}/metrics`,
    program,
    ...(health ? { selfCheck: () => start(health, options).exit } : {}),
  };
}

export async function launchUntil(
  path: string,
  service: Service,
  env?: Record<string, string>,
): Promise<Running> {
  const running = await launch(service, env);
  let ended = false;
  running.program.exit.then(() => (ended = true));
  await until(async () => {
    if (ended) throw new Error(`${service.name} ended:\n${running.program.output()}`);
    if ((await status(running.url + path)) !== 200) return false;
    // One that still starts would end in another order than those that serve.
    const started = running.program.logs().filter(({ msg }) => msg === 'starting').length;
    return started >= (service.processes ?? 0);
  }, `${service.name} to answer ${path}`);
  return running;
}

/** Those whose code differs; the others are the same program under another server. */
export const [go, python, , , node] = services as [Service, Service, Service, Service, Service];
