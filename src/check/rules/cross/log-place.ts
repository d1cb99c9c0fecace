import { factsOf } from '../../../artifacts/fact.ts';
import type { Context } from '../../context.ts';
import { type Created, createdPaths, isCreated } from '../../host/paths.ts';
import { type HostUnit, hostUnits, settingsOf, wordsOf } from '../../host/units.ts';
import { isMentioned, outputOf } from '../../logs/outputs.ts';
import { type LogReader, logReaders } from '../../logs/readers.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const logPlace: Rule = {
  id: 'cross/log-place',
  severity: ['error', 'info'],
  title: 'a log that is looked for where nothing writes',
  why: 'Whoever needs the log finds an empty journal or no file at all, a shipper sends nothing, and a rotation rotates nothing, without a word.',
  fix: 'Read where it is written: journalctl -u for what a unit prints, the file for what it appends to.',
  fixable: 'no',
  example: {
    bad: 'tail -f /var/log/chat/chat.log     # chat.service: StandardOutput=journal',
    good: 'journalctl -u chat -f              # chat.service: StandardOutput=journal',
  },
  check: context => {
    const [units, readers] = [hostUnits(context), logReaders(context)];
    const created = createdPaths(context);
    return oncePerPlace([
      ...readers.flatMap(reader => ofJournal(units, reader)),
      ...readers.flatMap(reader => ofFile(context, { units, readers, created }, reader)),
      ...(context.closed ? units.flatMap(unit => granted(context, unit)) : []),
    ]);
  },
};

function ofJournal(units: readonly HostUnit[], { unit: name, by, at }: LogReader): Finding[] {
  const unit = units.find(each => each.member.name === name);
  const output = unit && outputOf(unit);
  if (
    !unit ||
    !output?.path ||
    settingsOf(unit, 'Service', 'StandardError').some(each => /journal/.test(each.value))
  )
    return [];
  const message = `${by} reads the journal, but ${unit.member.name} writes to ${output.path}`;
  return [{ at, message, related: [{ ...output.at, message: `writes to ${output.path}` }] }];
}

interface Known {
  readonly units: readonly HostUnit[];
  readonly readers: readonly LogReader[];
  readonly created: Created;
}

/** A file named for a unit that prints to the journal, of which nothing else says that it is written. */
function ofFile(context: Context, { units, readers, created }: Known, reader: LogReader): Finding[] {
  const { path, by, at } = reader;
  const unit = path === undefined ? undefined : units.find(each => isNamedFor(path, each.member.name));
  if (path === undefined || !unit || !context.closed || outputOf(unit).to !== 'journal') return [];
  const folder = folderOf(path);
  // Who makes the folder knows of something that writes there.
  if (mayWrite(unit, folder) || isCreated(created, folder)) return [];
  const files = new Set(readers.filter(each => each.path !== undefined).map(each => each.at.file));
  if (isMentioned(context, folder, file => files.has(file))) return [];
  const output = outputOf(unit);
  const message = `${by} looks for ${path}, which nothing writes: ${unit.member.name} prints to the journal`;
  return [{ at, message, related: [{ ...output.at, message: 'prints to the journal' }] }];
}

/** Its folder; where that is everybody's, the file itself. */
const folderOf = (path: string): string => {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return /^\/var\/log$|^\/tmp$|^$/.test(folder) ? path : folder;
};

const isNamedFor = (path: string, unit: string): boolean => {
  const stem = unit.replace(/(?:@[^.]*)?\.service$/, '');
  return path.split('/').some(step => step === stem || step.replace(/\.log$/, '') === stem);
};

/** A program that is given a folder for logs may write there by itself. */
const mayWrite = (unit: HostUnit, folder: string): boolean =>
  [
    ...wordsOf(unit, 'Service', 'LogsDirectory').map(name => `/var/log/${name}`),
    ...wordsOf(unit, 'Service', 'ReadWritePaths').map(path => path.replace(/^[-+]+/, '')),
  ].some(path => folder === path || folder.startsWith(`${path}/`)) ||
  factsOf(unit.member, 'env').some(({ value }) => value.value?.includes(folder)) ||
  factsOf(unit.member, 'command').some(({ value }) => value.words.join(' ').includes(folder));

/** A folder for logs that nothing else speaks of. */
function granted(context: Context, unit: HostUnit): Finding[] {
  if (outputOf(unit).to !== 'journal') return [];
  return settingsOf(unit, 'Service', 'LogsDirectory').flatMap(({ value, at, document }): Finding[] => {
    const folder = `/var/log/${value.trim()}`;
    const used =
      isMentioned(context, folder, file => file === document.text.file) ||
      document.text.content.includes(folder);
    if (/\s|%/.test(value.trim()) || used || /LOGS_DIRECTORY/.test(document.text.content)) return [];
    const message = `${folder} is made for ${unit.member.name}, which prints to the journal, and nothing writes there`;
    return [{ at, severity: 'info', message, fix: 'Leave it out, or tell the program to write there.' }];
  });
}
