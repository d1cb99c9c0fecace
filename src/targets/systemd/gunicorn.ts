import type { Host, HostService } from '../../model/host.ts';
import { wholeSeconds } from '../../model/timing.ts';

const whole = (milliseconds: number): number => wholeSeconds(milliseconds) / 1_000;

/** https://gunicorn.org/reference/settings/ */
export function gunicornView(host: Host, { service, paths }: HostService): object {
  const { capacity, timing, source, port, unit } = service;
  const { workers, worker } = capacity;
  const app = `${host.current}/${paths.app}`;
  const folder = source.appDir.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  return {
    unit,
    asgi: source.interface === 'asgi',
    given: worker.given,
    count: workers.count,
    load: worker.load,
    countRule: worker.given
      ? 'As the configuration says.'
      : 'By what the workers wait for and the CPUs granted, and never more than the memory holds.',
    cpus: capacity.cpu.limit / 1_000,
    memory: capacity.memory.limit,
    workerMemory: worker.memory,
    bind: `127.0.0.1:${port}`,
    drain: whole(timing.drain),
    timeout: whole(timing.workerSilence),
    keepAlive: whole(timing.keepAlive),
    maxRequests: workers.maxRequests,
    jitter: workers.jitter,
    app,
    pythonPath: folder === '' || folder === '.' ? app : `${app}/${folder}`,
  };
}
