import type { Document } from '../../artifacts/document.ts';
import { setting } from '../../artifacts/systemd/unit.ts';
import type { Context } from '../context.ts';
import { allCalls } from '../scripts.ts';
import { type Sequence, samePath, sequencesOf } from '../steps.ts';
import { isInstaller, type Need } from './needs.ts';

/** What the set makes of a host. */
export interface Prepared {
  readonly sequences: readonly Sequence[];
  readonly users: ReadonlySet<string>;
  readonly paths: readonly string[];
  /** Something prepares hosts, and everything that does is known. */
  readonly known: boolean;
  /** A program may come out of a package or an installer. */
  readonly installs: boolean;
  /** What guides say beside their blocks: a person does it. */
  readonly prose: string;
}

const OF_HOSTS = /^\/(?:etc|opt|srv|usr\/local|var)\//;

export function preparedBy(context: Context): Prepared {
  // An image is no host, and cron runs on one that is prepared already.
  const others = new Set([...context.of('dockerfile'), ...context.of('crontab')].map(each => each.name));
  const sequences = sequencesOf(context).filter(each => !others.has(each.name));
  const made = sequences.flatMap(each => each.steps.filter(step => step.does === 'makes'));
  const users = made.filter(step => step.what === 'user').map(step => step.name);
  const rows = context
    .of('sysusers')
    .flatMap(({ body }) => body.filter(row => /^u/.test(row.fields[0] ?? '')));
  const placed = context.of('tmpfiles').flatMap(({ body }) => body.flatMap(row => row.fields[1] ?? []));
  const paths = made.filter(step => step.what === 'path').map(step => step.name);
  const starts = sequences.some(each => each.steps.some(step => step.what === 'unit'));
  return {
    sequences,
    users: new Set([...users, ...rows.map(row => row.fields[1] ?? '')]),
    paths: [...new Set([...paths, ...placed, ...ofUnits(context)])],
    known:
      (starts || users.length > 0 || rows.length > 0 || paths.some(path => OF_HOSTS.test(path))) &&
      !sequences.some(each => each.opaque),
    installs: allCalls(context).some(({ whole }) => isInstaller(whole)),
    prose: context.of('markdown').map(proseOf).join('\n'),
  };
}

/** Blocks whose language nobody reads here are part of it. */
function proseOf({ body, text: { content } }: Document<'markdown'>): string {
  let [prose, at] = ['', 0];
  for (const { start, text, tag } of body) {
    if (start < at || /session|console|^$/.test(tag)) continue;
    prose += content.slice(at, start);
    at = content.indexOf('\n', start + text.content.length);
    if (at === -1) return prose;
  }
  return prose + content.slice(at);
}

const DIRECTORIES = {
  CacheDirectory: '/var/cache',
  ConfigurationDirectory: '/etc',
  LogsDirectory: '/var/log',
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
} as const;

/** What systemd makes for its units. */
const ofUnits = (context: Context): string[] =>
  context
    .of('systemd')
    .flatMap(({ body }) =>
      Object.entries(DIRECTORIES).flatMap(([key, above]) =>
        (setting(body, 'Service', key)?.value.split(/\s+/) ?? []).map(
          name => `${above}/${name.split(':')[0]}`,
        ),
      ),
    );

/** Whether something makes it, or may. */
export function isPrepared(prepared: Prepared, need: Need): boolean {
  const { prose } = prepared;
  const accounts = need.what === 'path' || /useradd|adduser/.test(prose);
  if (accounts && prose.includes(need.name)) return true;
  if (need.what === 'user')
    return prepared.users.has(need.name) || [...prepared.users].some(name => name.includes('*'));
  if (prepared.installs && need.title === 'program') return true;
  return prepared.paths.some(path => samePath(path, need.name) || path.startsWith(`${need.name}/`));
}
