import { own } from '../own.ts';
import { expanded, UNKNOWN } from './expand.ts';
import { type Command, hasOption, nameOf, optionValues, unwrapped, type Word } from './script.ts';

/** What a command does to the host it runs on, as far as its words tell. */
export interface Effect {
  readonly does: 'makes' | 'needs' | 'removes';
  readonly what: 'group' | 'path' | 'unit' | 'user';
  /** As it is written, with the values of variables; `*` stands for what is only known when it runs. */
  readonly name: string;
  /** The command's own name: cp, psql, systemctl. */
  readonly by: string;
  readonly start: number;
}

type Values = ReadonlyMap<string, string>;
type Draft = Omit<Effect, 'by'>;

/** `values`: what variables are worth at that place. */
export function effectsOf(whole: Command, values: Values): readonly Effect[] {
  const command = unwrapped(whole);
  const by = nameOf(command);
  const effects = own(COMMANDS, by)?.(reader(command, values)) ?? [];
  return [
    ...asWhom(whole, values),
    ...effects,
    ...redirected(command, values),
    ...executed(command, values),
  ].map(effect => ({ ...effect, by }));
}

/** The words of a command, ready to be asked for. */
interface Reader {
  readonly command: Command;
  /** Words that are neither options nor the values of those named. */
  operands(...valued: readonly string[]): readonly Draft[];
  options(...names: readonly string[]): readonly Draft[];
  has(...names: readonly string[]): boolean;
}

function reader(command: Command, values: Values): Reader {
  const draft = (word: Word): Draft => ({
    does: 'needs',
    what: 'path',
    name: expanded(word.raw, values),
    start: word.start,
  });
  return {
    command,
    has: (...names) => hasOption(command, ...names),
    options: (...names) => optionValues(command, ...names).map(draft),
    operands: (...valued) => {
      const found: Draft[] = [];
      for (let i = 1; i < command.words.length; i++) {
        const word = command.words[i];
        if (!word) continue;
        if (valued.includes(word.raw)) i++;
        else if (!word.raw.startsWith('-')) found.push(draft(word));
      }
      return found;
    },
  };
}

const makes = (drafts: readonly Draft[], what: Draft['what'] = 'path'): Draft[] =>
  drafts.map(draft => ({ ...draft, does: 'makes', what }));
const needs = (drafts: readonly Draft[], what: Draft['what'] = 'path'): Draft[] =>
  drafts.map(draft => ({ ...draft, what }));
const removes = (drafts: readonly Draft[]): Draft[] => drafts.map(draft => ({ ...draft, does: 'removes' }));
/** Everything below a folder. */
const below = (drafts: readonly Draft[]): Draft[] =>
  makes(drafts.flatMap(each => [each, { ...each, name: `${each.name.replace(/\/$/, '')}/${UNKNOWN}` }]));
const host = (draft: Draft): Draft => ({ ...draft, name: draft.name.replace(/^[\w.@*-]+:(?=[/~.\w*])/, '') });

/** cp, mv, ln, scp, rsync, install: sources, and where they go; the goal may be a folder. */
function copied(read: Reader, ...valued: readonly string[]): Draft[] {
  const target = read.options('-t', '--target-directory');
  const all = read.operands('-t', ...valued).map(host);
  const [sources, goal] = target[0] ? [all, target[0]] : [all.slice(0, -1), all.at(-1)];
  if (!goal || sources.length === 0) return [];
  const folder = goal.name.replace(/\/$/, '');
  const inside = sources.map(each => ({
    ...goal,
    name: `${folder}/${each.name.replace(/\/$/, '').split('/').at(-1)}`,
  }));
  const deep = read.command.words.some(word => /^-[a-zA-Z]*[arR]|^--(?:archive|recursive)$/.test(word.raw));
  return [
    ...sources.filter(each => !/^[\w.@*-]+:/.test(each.name)),
    ...makes([{ ...goal, name: folder }, ...inside]),
    ...(deep ? below([goal]).slice(1) : []),
  ];
}

function installed(read: Reader): Draft[] {
  const owners = [
    ...needs(read.options('-o', '--owner'), 'user'),
    ...needs(read.options('-g', '--group'), 'group'),
  ];
  const valued = ['-m', '-o', '-g', '-S', '--mode', '--owner', '--group'];
  const folders = read.command.words.some(word => /^-[a-zA-Z]*d[a-zA-Z]*$|^--directory$/.test(word.raw));
  return [...owners, ...(folders ? makes(read.operands(...valued)) : copied(read, ...valued))];
}

/** `chown user:group files`. */
function owned(read: Reader): Draft[] {
  const [who, ...paths] = read.operands();
  const [user = '', group = ''] = who?.name.split(/[:.]/) ?? [];
  return [
    ...(who && user ? [{ ...who, what: 'user' as const, name: user }] : []),
    ...(who && group ? [{ ...who, what: 'group' as const, name: group }] : []),
    ...paths,
  ];
}

function unpacked(read: Reader): Draft[] {
  const archive = read.options('-f', '--file');
  const letters = read.command.words[1]?.raw.replace(/^-/, '') ?? '';
  const bundled = /^[a-zA-Z]*f$/.test(letters) ? read.operands('-C').slice(0, 1) : [];
  const file = [...archive, ...bundled].slice(0, 1);
  const into = read.options('-C', '--directory');
  if (/c/.test(letters) || read.has('--create')) return makes(file);
  return [...file, ...below(into)];
}

function compressed(read: Reader): Draft[] {
  const files = read.operands();
  const { command } = read;
  const unpacks =
    /^gunzip$|cat$/.test(nameOf(command)) || command.words.some(word => /^-[a-z0-9]*d/.test(word.raw));
  const kept = command.words.some(word => /^-[a-z0-9]*[ct]|^--(?:stdout|test)$/.test(word.raw));
  if (kept || /cat$/.test(nameOf(command))) return [...files];
  const ending = own({ gzip: '.gz', bzip2: '.bz2', xz: '.xz', zstd: '.zst' }, nameOf(command)) ?? UNKNOWN;
  const named = (name: string) => (unpacks ? name.replace(/\.\w+$/, '') : name + ending);
  return [...files, ...makes(files.map(each => ({ ...each, name: named(each.name) })))];
}

function units(read: Reader): Draft[] {
  const [verb, ...rest] = read.operands();
  if (!/^(?:enable|reenable|restart|start|reload)$/.test(verb?.name ?? '')) return [];
  return rest.map(each => ({
    ...each,
    what: 'unit' as const,
    name: /\.(?:service|timer|socket|target|path|mount)$/.test(each.name)
      ? each.name
      : `${each.name}.service`,
  }));
}

function downloaded(read: Reader): Draft[] {
  const named = read.options('-o', '--output', '-O', '--output-document');
  const url = read.command.words.find(word => /^["']?https?:/.test(word.raw));
  const last = url?.raw
    .replace(/["']|[?#].*$/g, '')
    .split('/')
    .at(-1);
  const own = url && last ? [{ does: 'makes', what: 'path', name: last, start: url.start } as const] : [];
  return makes(named.filter(each => !/^https?:/.test(each.name) && each.name !== '-')).concat(own);
}

function account(read: Reader): Draft[] {
  const homes = read.options('-d', '--home-dir', '--home');
  const valued = '-d -g -G -s -u -c -k -e -f -r --home --home-dir --shell --uid --gid --groups --gecos';
  const names = read.operands(...valued.replace(' -r', '').split(' '), '--ingroup', '--comment');
  const name = names[0];
  if (!name || names.length > 1) return [];
  const grouped = read.has('-g', '--gid', '--ingroup', '-N', '--no-user-group');
  return [...makes([name], 'user'), ...(grouped ? [] : makes([name], 'group')), ...makes(homes)];
}

const copies = (read: Reader): Draft[] =>
  copied(read, '-e', '--exclude', '-i', '-P', '-S', '--chmod', '--chown');
const reads = (read: Reader): Draft[] => needs(read.operands('-n', '-c', '-m'));

const COMMANDS: Readonly<Record<string, (read: Reader) => Draft[]>> = {
  adduser: account,
  bzip2: compressed,
  cat: reads,
  chgrp: read => read.operands().slice(1),
  chmod: read => read.operands().slice(1),
  chown: owned,
  cp: copies,
  curl: downloaded,
  git: read =>
    read.command.words[1]?.value === 'clone' ? below(read.operands('-b', '--depth').slice(2)) : [],
  go: read => makes(read.options('-o')),
  groupadd: read => makes(read.operands('-g').slice(-1), 'group'),
  gunzip: compressed,
  gzip: compressed,
  install: installed,
  ln: copies,
  mkdir: read => makes(read.operands('-m')),
  mv: read => [...copies(read), ...removes(read.operands().slice(0, -1))],
  openssl: read => makes(read.options('-out', '-keyout')),
  pg_basebackup: read => below(read.options('-D', '--pgdata')),
  pg_dump: read => makes(read.options('-f', '--file')),
  pg_dumpall: read => makes(read.options('-f', '--file')),
  pg_restore: read =>
    needs(read.operands(...'-d -h -p -U -j -n -t -L -f --dbname --host --username --jobs'.split(' '))),
  psql: read => [...read.options('-f', '--file')],
  rm: read => removes(read.operands()),
  rsync: copies,
  scp: copies,
  systemctl: units,
  tar: unpacked,
  tee: read => makes(read.operands()),
  touch: read => makes(read.operands('-d', '-r', '-t')),
  unzip: read => [...read.operands('-d').slice(0, 1), ...below(read.options('-d'))],
  useradd: account,
  wget: downloaded,
  xz: compressed,
  zcat: compressed,
  zstd: compressed,
};

/** `sudo -u user`: before that is taken away. */
function asWhom(command: Command, values: Values): Draft[] {
  if (!/^(?:sudo|doas|runuser)$/.test(nameOf(command))) return [];
  const at = command.words.findIndex(word => /^(?:-u|--user)$/.test(word.raw));
  const name = at > 0 && at < 4 ? command.words[at + 1] : undefined;
  return name ? [{ does: 'needs', what: 'user', name: expanded(name.raw, values), start: name.start }] : [];
}

function redirected({ redirects }: Command, values: Values): Draft[] {
  return redirects.flatMap(({ operator, target }): Draft[] => {
    if (!target || operator.startsWith('<<') || /^&?\d$/.test(target.raw)) return [];
    const name = expanded(target.raw, values);
    if (/^\/dev\//.test(name)) return [];
    const path = { what: 'path', name, start: target.start } as const;
    return [{ does: operator.startsWith('<') ? 'needs' : 'makes', ...path }];
  });
}

/** A program that is called by its path, or a script that a shell is given. */
function executed(command: Command, values: Values): Draft[] {
  const shell = /^(?:ba|da|z)?sh$|^(?:source|\.)$/.test(nameOf(command));
  const word = shell ? command.words.slice(1).find(each => !each.raw.startsWith('-')) : command.words[0];
  if (!word || (shell && hasOption(command, '-c')) || !word.raw.includes('/')) return [];
  return [{ does: 'needs', what: 'path', name: expanded(word.raw, values), start: word.start }];
}
