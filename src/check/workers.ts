import type { Document } from '../artifacts/document.ts';
import { factOf, factsOf } from '../artifacts/fact.ts';
import type { GunicornSetting } from '../artifacts/gunicorn/settings.ts';
import type { Edit, Place } from '../artifacts/text.ts';
import { nearest } from '../config/nearest.ts';
import type { Context, Member } from './context.ts';
import { known } from './knowledge.ts';
import type { Finding } from './rule.ts';
import { configFile, wordsOf } from './servers.ts';
import { cited, duration } from './words.ts';

/** A gunicorn that something of the set starts, with its configuration where the set holds it. */
interface Gunicorn {
  readonly member: Member;
  readonly words: readonly string[];
  readonly at: Place;
  readonly path: string | undefined;
  readonly file: Document<'gunicorn'> | undefined;
}

function gunicorns(context: Context): readonly Gunicorn[] {
  return context.members.flatMap(member => {
    const command = factOf(member, 'command');
    if (factOf(member, 'server')?.value.program !== 'gunicorn' || !command) return [];
    const all = wordsOf(command);
    const words = all.slice(all.findIndex(word => /(?:^|\/)gunicorn$/.test(word)) + 1);
    const path = optionOf(words, '-c', '--config');
    return [
      {
        member,
        words,
        at: command.at,
        path,
        file: configFile(path ?? '', context.documents) ?? implied(context, member, path),
      },
    ];
  });
}

/** gunicorn reads ./gunicorn.conf.py by itself. https://gunicorn.org/reference/settings/#config */
function implied(
  context: Context,
  member: Member,
  path: string | undefined,
): Document<'gunicorn'> | undefined {
  const files = context.of('gunicorn').filter(({ name }) => name.split('/').at(-1) === 'gunicorn.conf.py');
  return path === undefined && member.form !== 'process' && files.length === 1 ? files[0] : undefined;
}

export function optionOf(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, word] of words.entries())
    for (const name of names) {
      if (word === name) return words[i + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  return undefined;
}

const settingIn = (file: Document<'gunicorn'> | undefined, name: string): GunicornSetting | undefined =>
  file?.body.findLast(each => each.name === name);

const SYNC = /^(?:sync|gthread|gevent|eventlet|tornado|egg:.*|gunicorn\.workers\.\w+\.\w+)$/;
const CLASSES = ['sync', 'gthread', 'gevent', 'eventlet', 'tornado', 'asgi'];

/** The class that is in force and where it is said; none where it cannot be known. */
function classOf({ member, words, at, file }: Gunicorn): { name: string; at: Place } | undefined {
  const name = factOf(member, 'server')?.value.workerClass;
  if (name === undefined) return undefined;
  const setting =
    optionOf(words, '-k', '--worker-class') === undefined ? settingIn(file, 'worker_class') : undefined;
  return { name, at: setting && file ? file.text.place(setting.start) : at };
}

/** `app.main:app`, the last word that is no option. */
const applicationOf = (words: readonly string[]): string | undefined =>
  words.find(word => /^[\w.]+:\w+(?:\(\))?$/.test(word));

/** An ASGI application under a class that calls it as WSGI; and classes that gunicorn does not know. */
export function wrongClass(context: Context): Finding[] {
  const asgi = new Map(
    context.members.flatMap(member => {
      const command = factOf(member, 'command');
      const app =
        factOf(member, 'server')?.value.program === 'uvicorn' &&
        command &&
        applicationOf(command.value.words);
      return app ? [[app, command.at]] : [];
    }),
  );
  return gunicorns(context).flatMap(server => {
    const found = classOf(server);
    const app = applicationOf(server.words);
    if (!found || !app) return [];
    if (!SYNC.test(found.name)) return unknownClass(found);
    const other = asgi.get(app);
    const named = /(?:^|\.)asgi:/.test(app);
    if (!other && !named) return [];
    return [
      {
        at: found.at,
        message: `${app} is an ASGI application, and the worker class ${found.name} calls it as WSGI: every request fails`,
        related: other ? [{ ...other, message: `uvicorn serves ${app}` }] : [],
      },
    ];
  });
}

function unknownClass({ name, at }: { name: string; at: Place }): Finding[] {
  if (/[.:]/.test(name) || CLASSES.includes(name)) return [];
  const offer = /uvicorn/i.test(name) ? 'uvicorn_worker.UvicornWorker' : nearest(name, CLASSES);
  const message = `gunicorn has no worker class ${name}${offer ? `: is ${offer} meant?` : ''}`;
  return [{ at, severity: 'warning', message }];
}

/** A configuration that the command names and that no file of the set can be. */
export function absentConfiguration(context: Context): Finding[] {
  if (!context.closed) return [];
  const names = new Set([...context.of('gunicorn')].map(({ name }) => name.split('/').at(-1)));
  return gunicorns(context).flatMap(({ member, at, path }) => {
    const file = path
      ?.replace(/^file:/, '')
      .split('/')
      .at(-1);
    // Only files of such names are read here, and a path of the host may be made there.
    if (!file || !/gunicorn.*\.py$/.test(file) || names.has(file) || path?.startsWith('python:')) return [];
    const message = `${member.name || 'the image'} starts gunicorn with ${path}, and the set holds no ${file}`;
    return [{ at, severity: 'warning' as const, message }];
  });
}

const HOST_CPUS = /\b(?:cpu_count|sched_getaffinity|process_cpu_count)\s*\(|\$\(nproc\)|`nproc`/;

/** A number of workers that follows the processors of the host where a quota gives fewer. */
export function hostCpus(context: Context): Finding[] {
  return gunicorns(context).flatMap(server => {
    const { member, words, file } = server;
    const quota = factOf(member, 'cpu.limit');
    if (member.form === 'process' && !quota) return [];
    const written = optionOf(words, '-w', '--workers');
    const setting = written === undefined ? settingIn(file, 'workers') : undefined;
    const text = written ?? setting?.raw ?? '';
    // A bound on it, or a variable that comes first, is an answer.
    if (!HOST_CPUS.test(text) || /\bmin\s*\(|environ|getenv/.test(text)) return [];
    const place = setting && file ? file.text.place(setting.start) : server.at;
    const edits =
      quota && setting && file
        ? [replaced(file, setting, Math.max(1, Math.round(quota.value / 1_000)) * 2 + 1)]
        : [];
    const where = quota ? `may use ${quota.value / 1_000} CPUs` : 'runs in a container';
    return [
      {
        at: place,
        message: `${member.name || 'the image'} ${where}, and its workers follow the processors of the host (${text})`,
        ...(quota
          ? { related: [cited(quota as Member['facts'][number], `${quota.value / 1_000} CPUs`)] }
          : {}),
        edits,
      },
    ];
  });
}

const replaced = (
  { text }: Document<'gunicorn'>,
  { valueStart, end }: GunicornSetting,
  count: number,
): Edit => text.edit(valueStart, end, String(count));

/** Workers that are replaced all at once, or in the middle of a stream. */
export function recycling(context: Context): Finding[] {
  return gunicorns(context).flatMap(server => {
    const { member, words, file } = server;
    const numberOf = (name: string, flag: string) =>
      Number(optionOf(words, flag) ?? settingIn(file, name)?.value ?? 0);
    const requests = numberOf('max_requests', '--max-requests');
    if (!(requests > 0)) return [];
    const setting =
      optionOf(words, '--max-requests') === undefined ? settingIn(file, 'max_requests') : undefined;
    const at = setting && file ? file.text.place(setting.start) : server.at;
    return [...together(server, setting, at, requests, numberOf), ...cutStreams(context, member, at)];
  });
}

function together(
  { words, file }: Gunicorn,
  setting: GunicornSetting | undefined,
  at: Place,
  requests: number,
  numberOf: (name: string, flag: string) => number,
): Finding[] {
  const jitter = settingIn(file, 'max_requests_jitter');
  if (numberOf('max_requests_jitter', '--max-requests-jitter') > 0 || (jitter && jitter.value === undefined))
    return [];
  const workers = Number(
    optionOf(words, '-w', '--workers') ?? settingIn(file, 'workers')?.value ?? Number.NaN,
  );
  // One worker has nobody to be replaced with.
  if (workers === 1) return [];
  const line = `max_requests_jitter = ${Math.max(1, Math.round(requests / 10))}`;
  const edits =
    !setting || !file
      ? []
      : jitter
        ? [file.text.edit(jitter.start, jitter.end, line)]
        : [file.text.edit(setting.start, setting.start, `${line}\n`)];
  return [
    { at, message: `every worker is replaced after ${requests} requests, all at about the same time`, edits },
  ];
}

function cutStreams(context: Context, member: Member, at: Place): Finding[] {
  const [stream, grace] = [known(context, member, 'stream.max'), factsOf(member, 'stop.drain').at(-1)];
  if (!stream || !grace || stream.value <= grace.value) return [];
  const message = `a worker that is replaced cuts streams after ${duration(grace.value)}, and they may last ${duration(stream.value)}`;
  return [
    {
      at,
      message,
      related: [cited(stream as Member['facts'][number]), cited(grace as Member['facts'][number])],
    },
  ];
}
