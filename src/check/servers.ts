import type { AnyDocument, Document } from '../artifacts/document.ts';
import { type AnyFact, type Component, type Fact, factOf } from '../artifacts/fact.ts';
import type { GunicornSetting } from '../artifacts/gunicorn/settings.ts';

/** What a command says of the server that it starts: flags, and the file that they name. */
export function serverFacts(component: Component, set: readonly AnyDocument[]): readonly AnyFact[] {
  const command = factOf(component, 'command');
  if (!command) return [];
  const words = wordsOf(command);
  const start = words.findIndex(word => /(?:^|\/)(?:gunicorn|uvicorn)$/.test(word));
  if (start === -1) return [];
  const flags = words.slice(start + 1);
  return words[start]?.endsWith('gunicorn') ? gunicorn(command, flags, set) : uvicorn(command, flags);
}

/** The words of a command, also where it is a text for a shell. */
export const wordsOf = ({ value: { words, shell } }: Fact<'command'>): readonly string[] =>
  shell || (/(?:^|\/)(?:ba|da|a)?sh$/.test(words[0] ?? '') && words[1] === '-c')
    ? (words[2] ?? '').split(/\s+/)
    : words;

function flag(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, word] of words.entries())
    for (const name of names) {
      if (word === name) return words[i + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  return undefined;
}

const milliseconds = (seconds: string | undefined): number | undefined =>
  seconds !== undefined && /^\d+(?:\.\d+)?$/.test(seconds) ? Number(seconds) * 1_000 : undefined;

/** Undefined where it is left to the default; without a value where it is worked out at the start. */
type Found = { readonly value: string | undefined; readonly at: AnyFact['at'] } | undefined;

/** https://gunicorn.org/reference/settings/ */
function gunicorn(
  command: Fact<'command'>,
  words: readonly string[],
  set: readonly AnyDocument[],
): readonly AnyFact[] {
  const path = flag(words, '-c', '--config');
  const file = configFile(path, set);
  const setting = (name: string, ...flags: readonly string[]): Found => {
    const written = flag(words, ...flags);
    if (written !== undefined) return { value: written, at: command.at };
    const found = file?.body.findLast((each: GunicornSetting) => each.name === name);
    if (file && found)
      return {
        value: found.value === undefined ? undefined : String(found.value),
        at: file.text.place(found.start),
      };
    // A file that the set does not hold may say anything.
    return path === undefined || file ? undefined : { value: undefined, at: command.at };
  };
  const time = (
    kind: 'keepalive' | 'stop.drain' | 'timeout.worker',
    found: Found,
    seconds: number,
    name: string,
  ): AnyFact[] => {
    const note = `gunicorn ${name}, default ${seconds} s`;
    if (!found) return [{ kind, value: seconds * 1_000, at: command.at, origin: 'default', note }];
    const value = milliseconds(found.value);
    return value === undefined
      ? []
      : [{ kind, value, at: found.at, origin: 'derived', note: `${name} ${found.value} s` }];
  };
  const workers = setting('workers', '-w', '--workers');
  const workerClass = setting('worker_class', '-k', '--worker-class');
  const certificate = setting('certfile', '--certfile');
  const trusted = setting('forwarded_allow_ips', '--forwarded-allow-ips');
  return [
    {
      kind: 'server',
      value: {
        program: 'gunicorn',
        ...classOf(workerClass),
        ...(certificate === undefined
          ? { tls: false }
          : certificate.value === undefined
            ? {}
            : { tls: certificate.value !== '' }),
        ...(workers?.value && /^\d+$/.test(workers.value) ? { workers: Number(workers.value) } : {}),
      },
      at: command.at,
      origin: 'derived',
    },
    ...time('stop.drain', setting('graceful_timeout', '--graceful-timeout'), 30, 'graceful_timeout'),
    ...time('timeout.worker', setting('timeout', '-t', '--timeout'), 30, 'timeout'),
    ...time('keepalive', setting('keepalive', '--keep-alive'), 2, 'keepalive'),
    ...listening(setting('bind', '-b', '--bind')),
    ...(trusted?.value === undefined ? [] : trustedFact(trusted.value, trusted.at)),
  ];
}

const trustedFact = (value: string, at: AnyFact['at']): AnyFact[] => [
  { kind: 'proxy.trusted', value, at, origin: 'derived', note: `forwarded_allow_ips ${value}` },
];

const classOf = (found: Found): { workerClass?: string } =>
  found === undefined
    ? { workerClass: 'sync' }
    : found.value === undefined
      ? {}
      : { workerClass: found.value };

/** By the end of its path: what a host calls the folders above is not known here. */
export function configFile(
  path: string | undefined,
  set: readonly AnyDocument[],
): Document<'gunicorn'> | undefined {
  const steps =
    path
      ?.replace(/^(?:file|python):/, '')
      .split('/')
      .reverse() ?? [];
  const files = set.filter((each): each is Document<'gunicorn'> => each.kind === 'gunicorn');
  let left = files.filter(each => each.name.split('/').at(-1) === steps[0]);
  for (let i = 1; left.length > 1 && i < steps.length; i++)
    left = left.filter(each => each.name.split('/').reverse()[i] === steps[i]);
  return left.length === 1 ? left[0] : undefined;
}

function listening(bind: Found): AnyFact[] {
  const [, host, port] = /^(.*?):(\d+)$/.exec(bind?.value ?? '') ?? [];
  if (!bind || !port) return [];
  return [
    {
      kind: 'port.listen',
      value: { port: Number(port), ...(host ? { host } : {}) },
      at: bind.at,
      origin: 'derived',
      note: `bind ${bind.value}`,
    },
  ];
}

/** https://www.uvicorn.org/settings/ */
function uvicorn({ at }: Fact<'command'>, words: readonly string[]): readonly AnyFact[] {
  const [host, port, workers] = [flag(words, '--host'), flag(words, '--port'), flag(words, '--workers')];
  const trusted = flag(words, '--forwarded-allow-ips');
  const time = (kind: 'keepalive' | 'stop.drain', name: string): AnyFact[] => {
    const value = milliseconds(flag(words, name));
    return value === undefined
      ? []
      : [{ kind, value, at, origin: 'derived', note: `${name} ${value / 1_000}` }];
  };
  return [
    {
      kind: 'server',
      value: {
        program: 'uvicorn',
        tls: flag(words, '--ssl-certfile') !== undefined || flag(words, '--ssl-keyfile') !== undefined,
        ...(workers && /^\d+$/.test(workers) ? { workers: Number(workers) } : {}),
      },
      at,
      origin: 'derived',
    },
    ...(trusted === undefined ? [] : trustedFact(trusted, at)),
    ...time('stop.drain', '--timeout-graceful-shutdown'),
    ...time('keepalive', '--timeout-keep-alive'),
    ...(port && /^\d+$/.test(port)
      ? [
          {
            kind: 'port.listen',
            value: { port: Number(port), host: host ?? '127.0.0.1' },
            at,
            origin: 'derived',
          } as const,
        ]
      : []),
  ];
}
