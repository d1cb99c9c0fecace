import { isBuilt, type Service } from '../model/model.ts';

/** Past any HTTP_PROXY of the environment, which would ask its own loopback; an error status raises. */
const PYTHON =
  'import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=4)';
const NODE =
  'fetch(process.argv[1], {signal: AbortSignal.timeout(4000)}).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))';

/** Images that bring a client of their own, and how it asks. */
const KNOWN_IMAGES: readonly (readonly [RegExp, (port: number) => readonly string[]])[] = [
  [/(?:^|\/)ollama\/ollama:/, () => ['ollama', 'list']],
  [/(?:^|\/)(?:redis|valkey\/valkey):/, port => ['redis-cli', '-p', String(port), 'ping']],
];

/**
 * The command by which a container asks its own service whether it is alive. It uses only what the image
 * is known to hold: the program itself, or the interpreter it runs on. Undefined where there is neither,
 * as in a scratch image whose program has no such command.
 */
export function selfCheck(service: Service): readonly string[] | undefined {
  const { health, port, source } = service;
  if (port === undefined) return undefined;
  if (health?.command) return health.command;
  if (source.kind === 'image') return KNOWN_IMAGES.find(([name]) => name.test(source.image))?.[1](port);
  if (!health) return undefined;
  const url = `http://127.0.0.1:${port}${health.live.path}`;
  // Alpine's BusyBox; past any proxy too.
  if (isBuilt(service) && /(?:^|\/)alpine:/.test(service.source.base.runtime))
    return ['wget', '-q', '-Y', 'off', '-O', '/dev/null', url];
  if (isBuilt(service) && service.source.language === 'python') return ['python', '-c', PYTHON, url];
  if (isBuilt(service) && service.source.language === 'node') return ['node', '-e', NODE, url];
  return undefined;
}
