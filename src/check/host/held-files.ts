import type { Document } from '../../artifacts/document.ts';
import { factOf } from '../../artifacts/fact.ts';
import type { Stanza } from '../../artifacts/logrotate/parse.ts';
import { unwrapped } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { configFile, wordsOf } from '../servers.ts';
import { optionOf } from '../workers.ts';
import { hostUnits, settingsOf } from './units.ts';

/** A file that a process opens once and writes to until it ends. */
interface Held {
  readonly path: string;
  readonly by: string;
  readonly at: Place;
}

/** Log files of which it is known that nothing opens them again by itself. */
function heldFiles(context: Context): readonly Held[] {
  const units = hostUnits(context).flatMap(unit =>
    ['StandardOutput', 'StandardError'].flatMap(key =>
      settingsOf(unit, 'Service', key).flatMap((entry): Held[] => {
        const path = /^(?:append|file|truncate):(\/\S+)$/.exec(entry.value)?.[1];
        return path ? [{ path, by: `systemd for ${unit.member.name}`, at: entry.at }] : [];
      }),
    ),
  );
  const servers = context.members.flatMap(member => {
    const command = factOf(member, 'command');
    if (factOf(member, 'server')?.value.program !== 'gunicorn' || !command || member.form !== 'process')
      return [];
    const words = wordsOf(command);
    const file = configFile(optionOf(words, '-c', '--config'), context.documents);
    const flags = ['--access-logfile', '--error-logfile', '--log-file'].flatMap((flag): Held[] => {
      const path = optionOf(words, flag);
      return path?.startsWith('/') ? [{ path, by: 'gunicorn', at: command.at }] : [];
    });
    const settings = (file?.body ?? []).flatMap(({ name, value, start }): Held[] =>
      /^(?:access|error)log$/.test(name) && typeof value === 'string' && value.startsWith('/')
        ? [{ path: value, by: 'gunicorn', at: file?.text.place(start) ?? command.at }]
        : [],
    );
    return [...flags, ...settings];
  });
  const shells = context.of('shell').flatMap(({ body, text }) =>
    body.commands.map(unwrapped).flatMap(({ background, redirects, start, words }) =>
      redirects.flatMap(({ operator, target }): Held[] =>
        background &&
        operator.includes('>') &&
        target?.value?.startsWith('/') &&
        !target.value.startsWith('/dev/')
          ? [
              {
                path: target.value,
                by: words[0]?.value ?? 'a command in the background',
                at: text.place(start),
              },
            ]
          : [],
      ),
    ),
  );
  return [...units, ...servers, ...shells];
}

/** Directives after which the path is empty or another file, and what opens it again. https://man7.org/linux/man-pages/man8/logrotate.8.html */
const KEEPS = /^(?:copytruncate|copy|postrotate|lastaction)$/;

const says = (stanza: Stanza | undefined, names: RegExp): boolean =>
  stanza?.directives.some(({ fields }) => names.test(fields[0] ?? '')) ?? false;

export function renamed(context: Context): Finding[] {
  const held = heldFiles(context);
  return context.of('logrotate').flatMap(document => {
    const everywhere = document.body.find(({ paths }) => paths.length === 0);
    if (says(everywhere, /^copytruncate$/)) return [];
    return document.body
      .filter(stanza => stanza.paths.length > 0 && !says(stanza, KEEPS))
      .flatMap(stanza => findingOf(document, stanza, held));
  });
}

function findingOf({ text }: Document<'logrotate'>, stanza: Stanza, held: readonly Held[]): Finding[] {
  const docker = stanza.paths.find(path => /^\/var\/lib\/docker\/containers\//.test(path));
  const found = held.find(({ path }) => stanza.paths.some(pattern => fits(pattern, path)));
  const by = found?.by ?? (docker ? 'docker' : undefined);
  const path = found?.path ?? docker;
  if (!by || !path) return [];
  const first = stanza.directives[0];
  const indent =
    first && text.content.slice(text.content.lastIndexOf('\n', first.start - 1) + 1, first.start);
  const edits =
    first && indent !== undefined && /^\s*$/.test(indent) && !text.within
      ? [text.edit(first.start, first.start, `copytruncate\n${indent}`)]
      : [];
  return [
    {
      at: text.place(stanza.start),
      message: `${path} is renamed while ${by} keeps it open: the lines go on into the old file, and the disk is never freed`,
      ...(found ? { related: [{ ...found.at, message: `${by} writes it` }] } : {}),
      edits,
    },
  ];
}

/** Patterns of a folder: `/var/log/chat/*.log`. */
function fits(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return false;
  return wanted.every((part, i) => {
    const name = given[i] ?? '';
    const [first = '', ...rest] = part.split('*');
    const last = rest.at(-1);
    return last === undefined
      ? part === name
      : rest.length === 1 &&
          name.startsWith(first) &&
          name.endsWith(last) &&
          name.length >= first.length + last.length;
  });
}
