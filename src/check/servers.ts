import type { AnyDocument, Document } from '../artifacts/document.ts';
import { type AnyFact, type Component, type Fact, factOf } from '../artifacts/fact.ts';
import type { GunicornSetting } from '../artifacts/gunicorn/settings.ts';

/** What a command says of the server that it starts: flags, and the file that they name. */
export function serverFacts(component: Component, set: readonly AnyDocument[]): readonly AnyFact[] {
  const command = factOf(component, 'command');
  if (!command) return [];
  const words = command.value.shell ? (command.value.words[2] ?? '').split(/\s+/) : command.value.words;
  const start = words.findIndex(word => /(?:^|\/)(?:gunicorn|uvicorn)$/.test(word));
  if (start === -1) return [];
  const flags = words.slice(start + 1);
  return words[start]?.endsWith('gunicorn') ? gunicorn(command, flags, set) : uvicorn(command, flags);
}

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

type Found = { readonly value: string; readonly at: AnyFact['at'] } | undefined;

/** https://gunicorn.org/reference/settings/ */
function gunicorn(
  command: Fact<'command'>,
  words: readonly string[],
  set: readonly AnyDocument[],
): readonly AnyFact[] {
  const file = configFile(flag(words, '-c', '--config'), set);
  const setting = (name: string, ...flags: readonly string[]): Found => {
    const written = flag(words, ...flags);
    if (written !== undefined) return { value: written, at: command.at };
    const found = file?.body.findLast((each: GunicornSetting) => each.name === name);
    return file && found?.value !== undefined
      ? { value: String(found.value), at: file.text.place(found.start) }
      : undefined;
  };
  const known = !flag(words, '-c', '--config') || file !== undefined;
  const time = (
    kind: 'keepalive' | 'stop.drain' | 'timeout.worker',
    found: Found,
    seconds: number,
    name: string,
  ): AnyFact[] => {
    const value = milliseconds(found?.value);
    if (found)
      return value === undefined
        ? []
        : [{ kind, value, at: found.at, origin: 'derived', note: `${name} ${found.value} s` }];
    return known
      ? [
          {
            kind,
            value: seconds * 1_000,
            at: command.at,
            origin: 'default',
            note: `gunicorn ${name}, default ${seconds} s`,
          },
        ]
      : [];
  };
  const workers = setting('workers', '-w', '--workers');
  const workerClass = setting('worker_class', '-k', '--worker-class');
  return [
    {
      kind: 'server',
      value: {
        program: 'gunicorn',
        ...(workerClass ? { workerClass: workerClass.value } : known ? { workerClass: 'sync' } : {}),
        ...(workers && /^\d+$/.test(workers.value) ? { workers: Number(workers.value) } : {}),
      },
      at: command.at,
      origin: 'derived',
    },
    ...time('stop.drain', setting('graceful_timeout', '--graceful-timeout'), 30, 'graceful_timeout'),
    ...time('timeout.worker', setting('timeout', '-t', '--timeout'), 30, 'timeout'),
    ...time('keepalive', setting('keepalive', '--keep-alive'), 2, 'keepalive'),
    ...listening(setting('bind', '-b', '--bind')),
  ];
}

function configFile(path: string | undefined, set: readonly AnyDocument[]): Document<'gunicorn'> | undefined {
  const files = set.filter((each): each is Document<'gunicorn'> => each.kind === 'gunicorn');
  const name = path
    ?.replace(/^(?:file|python):/, '')
    .split('/')
    .at(-1);
  const named = files.filter(each => each.name.split('/').at(-1) === name);
  return named.length === 1 ? named[0] : undefined;
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
        ...(workers && /^\d+$/.test(workers) ? { workers: Number(workers) } : {}),
      },
      at,
      origin: 'derived',
    },
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
