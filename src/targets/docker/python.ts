import { type BuiltService, type Model, servicesOf } from '../../model/model.ts';
import { installerOf } from '../source-folders.ts';
import { copyOf, literalPattern, splitPath } from './manifests.ts';
import { imageView } from './view.ts';

export function pythonView(model: Model, service: BuiltService): object {
  const { manifest, appDir } = service.source;
  const { folder } = splitPath(manifest);
  const server = serverOf(service);
  return {
    ...imageView(model, service, {
      program: server ? serverCommand(model, service) : scriptCommand(service),
      stamp: true,
      notes: server ? [FORWARDED] : [],
    }),
    ...dependencies(manifest),
    manifest,
    folder: folder || '.',
    server,
    pythonPath: appPath(appDir),
  };
}

const FORWARDED = 'X-Forwarded-* is believed from loopback only, until FORWARDED_ALLOW_IPS names the proxy.';

const serverOf = ({ kind, command, source }: BuiltService): 'uvicorn' | 'gunicorn' | undefined => {
  if (kind !== 'http' || command) return undefined;
  return source.interface === 'asgi' ? 'uvicorn' : 'gunicorn';
};

const appPath = (appDir: string): string => {
  const folder = appDir.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  return folder === '' || folder === '.' ? '/app' : `/app/${folder}`;
};

/** Which tool installs, and the files that it must see to do so. */
function dependencies(manifest: string): { installer: string; manifests: string[] } {
  const { folder, base } = splitPath(manifest);
  const installer = installerOf(manifest);
  // One list of requirements may include its neighbours.
  const list = base === 'requirements.txt' ? 'requirements*.txt' : literalPattern(base);
  const patterns = {
    uv: ['pyproject.toml', 'uv.lock'],
    poetry: ['pyproject.toml', 'poetry.lock'],
    pyproject: ['pyproject.toml'],
    pip: [list],
  }[installer];
  return { installer, manifests: copyOf(folder, patterns) };
}

function serverCommand(model: Model, service: BuiltService): string[] {
  return service.source.interface === 'asgi' ? uvicorn(model, service) : gunicorn(model, service);
}

/** Servers count in whole seconds; the longer one is the safe one. */
const whole = (milliseconds: number): string => String(Math.ceil(milliseconds / 1_000));

/** The front of Google's load balancers keeps connections longest; longer than needed does no harm. */
const keepAlive = (model: Model, { key, timing }: BuiltService): string => {
  const google = model.targets.cloudrun && servicesOf(model, 'cloudrun').some(service => service.key === key);
  return whole(google ? timing.keepAliveBehindGoogle : timing.keepAlive);
};

/** One process: platforms scale containers. https://www.uvicorn.org/settings */
function uvicorn(model: Model, service: BuiltService): string[] {
  const { main, factory, appDir } = service.source;
  return [
    ...['python', '-m', 'uvicorn', main],
    ...(factory ? ['--factory'] : []),
    ...(appPath(appDir) === '/app' ? [] : ['--app-dir', appPath(appDir)]),
    ...['--host', '0.0.0.0', '--port', String(service.port)],
    ...['--timeout-graceful-shutdown', whole(service.timing.drain)],
    ...['--timeout-keep-alive', keepAlive(model, service)],
    '--proxy-headers',
  ];
}

/** Threads, since a worker that waits for a model has nothing else to do. https://gunicorn.org/reference/settings */
function gunicorn(model: Model, service: BuiltService): string[] {
  const { main, factory } = service.source;
  const { count, maxRequests, jitter } = service.capacity.workers;
  return [
    ...['python', '-m', 'gunicorn', factory ? `${main}()` : main],
    ...['--bind', `0.0.0.0:${service.port}`],
    ...['--workers', String(count), '--worker-class', 'gthread', '--threads', '8'],
    ...['--timeout', whole(service.timing.workerSilence)],
    ...['--graceful-timeout', whole(service.timing.drain)],
    ...['--keep-alive', keepAlive(model, service)],
    ...(maxRequests > 0
      ? ['--max-requests', String(maxRequests), '--max-requests-jitter', String(jitter)]
      : []),
    // A heartbeat on a disk can block; this folder is memory in every container.
    ...['--worker-tmp-dir', '/dev/shm'],
  ];
}

/** A worker or a job: a file, or a module. */
function scriptCommand({ source: { main } }: BuiltService): string[] {
  return main.endsWith('.py') ? ['python', main] : ['python', '-m', main.replace(/:.*$/, '')];
}
