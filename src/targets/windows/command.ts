import { type BuiltService, isBuilt, type Model } from '../../model/model.ts';
import { refuse } from '../../render/unrepresentable.ts';
import { type Known, textOf } from './place.ts';
import { programsOf } from './release.ts';

/** A program of a release: its path below the release's folder, or a program of the machine. */
export interface Command {
  readonly program: string;
  readonly inRelease: boolean;
  readonly words: readonly Known[];
}

/** Threads of waitress where nothing says how many requests may be served at once. */
const THREADS = 16;

export function commandOf(model: Model, service: BuiltService): Command {
  const args = service.args.map(text => argumentOf(text, model, service));
  if (service.command) {
    const [first, ...rest] = service.command.map(text => argumentOf(text, model, service));
    return { ...programNamed((first ?? []).join(''), model, service), words: [...rest, ...args] };
  }
  const { language, main } = service.source;
  if (language === 'go') return { ...programNamed(service.source.program, model, service), words: args };
  if (language === 'node') return { program: 'node.exe', inRelease: false, words: [[main], ...args] };
  const words = service.kind === 'http' ? serverWords(model, service) : moduleWords(main);
  return { ...python(service), words: [...words.map(word => [word]), ...args] };
}

/** A command as an image has it, `/server` or `python`, said for a release of this machine. */
export function programNamed(name: string, model: Model, service: BuiltService): Omit<Command, 'words'> {
  const base = name.replace(/^\/(?:app\/)?/, '');
  const own = programsOf(service, model.services.filter(isBuilt)).find(({ program }) => program === base);
  if (own) return { program: `bin\\${own.file}`, inRelease: true };
  if (service.source.language === 'python' && /^python3?$/.test(base)) return python(service);
  return { program: /^node(?:js)?$/.test(base) ? 'node.exe' : base, inRelease: false };
}

const python = ({ unit }: BuiltService) => ({
  program: `venv\\${unit}\\Scripts\\python.exe`,
  inRelease: true,
});

function argumentOf(text: Parameters<typeof textOf>[0], model: Model, service: BuiltService): Known {
  return (
    textOf(text, model, service) ??
    refuse(
      'windows',
      '${database.url}',
      'everybody on a machine can read the arguments of its programs; give it in a variable',
    )
  );
}

const moduleWords = (main: string): string[] =>
  main.endsWith('.py') ? [main] : ['-m', main.replace(/:.*$/, '')];

/** gunicorn does not run on Windows: uvicorn serves ASGI by itself, waitress WSGI. */
function serverWords(model: Model, service: BuiltService): string[] {
  const { source, timing, capacity, limits } = service;
  const host = isOpen(model, service) ? '0.0.0.0' : '127.0.0.1';
  if (source.interface === 'wsgi')
    return [
      ...['-m', 'waitress', `--listen=${host}:${service.port}`],
      `--threads=${limits.concurrency ?? THREADS}`,
      `--channel-timeout=${Math.ceil(timing.keepAlive / 1_000)}`,
      ...(source.factory ? ['--call'] : []),
      source.main,
    ];
  const { count } = capacity.workers;
  return [
    ...['-m', 'uvicorn', '--host', host, '--port', String(service.port)],
    ...['--timeout-graceful-shutdown', String(Math.ceil(timing.drain / 1_000))],
    ...['--timeout-keep-alive', String(Math.ceil(timing.keepAlive / 1_000))],
    ...(count > 1 ? ['--workers', String(count)] : []),
    ...(source.factory ? ['--factory'] : []),
    source.main,
  ];
}

/** Reached from elsewhere without a proxy before it: only then its port is opened. */
export const isOpen = (model: Model, service: BuiltService): boolean =>
  service.publicPath !== undefined && model.targets.nginx === undefined;
