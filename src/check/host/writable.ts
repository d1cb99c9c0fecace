import { factsOf } from '../../artifacts/fact.ts';
import { isYes } from '../../artifacts/systemd/unit.ts';
import { unitWords } from '../../artifacts/systemd/words.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Created, isCreated } from './paths.ts';
import { appended, type HostUnit, settingOf, settingsOf, wordsOf } from './units.ts';

/** What each directive makes, and grants, below its folder. systemd.exec(5), RuntimeDirectory= */
const OWNED: Readonly<Record<string, string>> = {
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
  CacheDirectory: '/var/cache',
  LogsDirectory: '/var/log',
};
/** Folders that every host has. */
const STANDARD =
  /^\/(?:etc|home|opt|root|run|srv|tmp|usr|usr\/local|var|var\/(?:cache|lib|log|spool|tmp|www)|dev|proc|sys|mnt|media)?\/?$/;
const WRITTEN =
  /(?:^|_)(?:LOG|DATA|UPLOADS?|CACHE|STATE|STORAGE|DB|DATABASE)_?(?:DIR|DIRECTORY|FILE|PATH|FOLDER)$/;
const LOG_FLAGS = /^--(?:log-file|access-logfile|error-logfile|pid|pidfile)(?:=(.*))?$/;

/** The folders that the unit makes itself. */
const owned = (unit: HostUnit): readonly string[] =>
  Object.entries(OWNED).flatMap(([key, parent]) =>
    wordsOf(unit, 'Service', key).map(name => `${parent}/${name.split(':')[0]}`),
  );

export function absent(context: Context, unit: HostUnit, created: Created): Finding[] {
  // Where no step of the set prepares a host, the host is prepared elsewhere.
  if (!context.closed || created.paths.size === 0) return [];
  const own = owned(unit);
  const prepared = settingsOf(unit, 'Service', 'ExecStartPre').filter(({ value }) =>
    /^[-@:!]*\+/.test(value),
  );
  return settingsOf(unit, 'Service', 'ReadWritePaths').flatMap(entry =>
    unitWords(entry.value).flatMap(({ text, offset }): Finding[] => {
      const path = text.replace(/^\+/, '').replace(/\/+$/, '');
      if (!path.startsWith('/') || /[%$@<{]/.test(path) || STANDARD.test(path)) return [];
      if (own.some(each => each === path || each.startsWith(`${path}/`)) || isCreated(created, path))
        return [];
      if (prepared.some(({ value }) => value.includes(path))) return [];
      const at = entry.document.text.place(entry.valueStart + offset);
      const message = `nothing in the set creates ${path}, and without it ${unit.member.name} does not start`;
      return [{ at, message }];
    }),
  );
}

interface Need {
  readonly path: string;
  readonly said: string;
  readonly at: Place;
}

export function unwritable(unit: HostUnit): Finding[] {
  const system = settingOf(unit, 'Service', 'ProtectSystem');
  const grants = ['ReadWritePaths', 'ReadWriteDirectories', 'BindPaths', 'TemporaryFileSystem'].flatMap(key =>
    wordsOf(unit, 'Service', key).map(
      word =>
        word
          .replace(/^[-+]+/, '')
          .split(':')
          .at(-1) ?? '',
    ),
  );
  const writable = [...owned(unit), ...grants];
  if (system?.value !== 'strict' || writable.some(path => path.includes('%'))) return [];
  const scratch = settingOf(unit, 'Service', 'PrivateTmp');
  const found = needsOf(unit).filter(
    ({ path }) =>
      !writable.some(each => path === each || path.startsWith(`${each.replace(/\/$/, '')}/`)) &&
      !(isYes(scratch?.value) && /^\/(?:var\/)?tmp(?:\/|$)/.test(path)),
  );
  return found.map(({ path, said, at }) => {
    const line = directiveFor(path);
    return {
      at,
      severity: 'warning' as const,
      message: `${said}, which ProtectSystem=strict makes read-only for ${unit.member.name}`,
      related: [{ ...system.at, message: 'ProtectSystem=strict' }],
      ...(line ? { edits: appended(unit, 'Service', [line]) } : {}),
    };
  });
}

/** What says that it writes: variables and flags by name, and a working folder where data lives. */
function needsOf(unit: HostUnit): readonly Need[] {
  const { member } = unit;
  const variables = factsOf(member, 'env').flatMap(({ value: { name, value = '' }, at }): Need[] =>
    WRITTEN.test(name) && isPlain(value) ? [{ path: value, said: `${name} is ${value}`, at }] : [],
  );
  const flags = factsOf(member, 'command').flatMap(({ value: { words }, at }) =>
    words.flatMap((word, i): Need[] => {
      const [flag, given] = LOG_FLAGS.exec(word) ?? [];
      const path = given ?? words[i + 1] ?? '';
      return flag && isPlain(path) ? [{ path, said: `${flag.split('=')[0]} is ${path}`, at }] : [];
    }),
  );
  const folder = settingOf(unit, 'Service', 'WorkingDirectory');
  const path = folder?.value.replace(/^-/, '') ?? '';
  const working =
    folder && /^\/var\/(?:lib|log|cache|spool)\/[\w.-]/.test(path) && isPlain(path)
      ? [{ path, said: `it works in ${path}`, at: folder.at }]
      : [];
  return [...variables, ...flags, ...working];
}

const isPlain = (path: string): boolean => /^\/[\w./+-]+$/.test(path) && !/^\/(?:dev|proc|sys)\//.test(path);

function directiveFor(path: string): string | undefined {
  for (const [key, parent] of Object.entries(OWNED)) {
    const name = path.startsWith(`${parent}/`) ? path.slice(parent.length + 1).split('/')[0] : undefined;
    // A file directly below needs no folder of its own name.
    if (name && (!name.includes('.') || path.startsWith(`${parent}/${name}/`))) return `${key}=${name}`;
  }
  return undefined;
}
