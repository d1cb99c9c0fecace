import type { Fault, Kind, Parsed } from '../document.ts';
import { type Row, readRows } from '../table.ts';
import { embed, type Text } from '../text.ts';
import type { CronEntry, Crontab } from './crontab.ts';

const FIELD = String.raw`(?:\*|[\d,*/-]+|[A-Za-z]{3}(?:[-,][A-Za-z]{3})*)`;
const SCHEDULE = new RegExp(
  String.raw`^\s*(?:${FIELD}(?:\s+${FIELD}){4}|@(?:reboot|hourly|daily|weekly|monthly|yearly|annually|midnight))\s+\S`,
);

export const crontab: Kind<'crontab'> = {
  id: 'crontab',
  title: 'crontab',
  comment: '#',
  names: /(?:^|\/)(?:crontab(?:\.txt)?|cron\.d\/[^/]+|[^/]+\.(?:cron|crontab))$/,
  content: text => {
    const lines = text.split('\n').filter(line => !/^\s*(?:#|$|[A-Z_]+\s*=)/.test(line));
    return lines.length > 0 && lines.every(line => SCHEDULE.test(line));
  },
  parse,
  embedded: ({ body }) =>
    body.entries
      // cron itself gives up a line at 1,000 characters.
      .filter(entry => entry.command.length <= 1_000)
      .map(entry => ({ text: entry.commandText, kind: 'shell' })),
};

function parse(text: Text, name: string): Parsed<Crontab> {
  const variables: { name: string; value: string; start: number }[] = [];
  const faults: Fault[] = [];
  const lines: Row[] = [];
  for (const row of readRows(text)) {
    const line = text.content.slice(row.start, row.end);
    const [, variable, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (variable)
      variables.push({
        name: variable,
        value: (value ?? '').replace(/^(["'])(.*)\1$/, '$2'),
        start: row.start,
      });
    else if (SCHEDULE.test(line)) lines.push(row);
    else
      faults.push({
        rule: 'file/unreadable',
        offset: row.start,
        message: 'neither NAME=value nor five fields of time and a command',
      });
  }
  const system = isSystem(name, lines);
  return { body: { variables, system, entries: lines.map(row => entryOf(text, row, system)) }, faults };
}

/** By its place; and where that does not tell, by a sixth field that is a user's name in every line. */
function isSystem(name: string, rows: readonly Row[]): boolean {
  if (/(?:^|\/)(?:etc\/crontab|cron\.d\/[^/]+)$/.test(name)) return true;
  return (
    rows.length > 0 &&
    rows.every(row => {
      const at = row.fields[0]?.startsWith('@') ? 1 : 5;
      return (
        /^[a-z_][\w-]*$/.test(row.fields[at] ?? '') &&
        row.fields.length > at + 1 &&
        /^[/\w.[]/.test(row.fields[at + 1] ?? '') &&
        !COMMANDS.has(row.fields[at] ?? '')
      );
    })
  );
}

/** What begins a command and is no user's name. */
const COMMANDS = new Set(
  'bash sh cd test flock curl wget docker find nice python python3 node rsync pg_dump echo certbot systemctl sudo env ionice timeout'.split(
    ' ',
  ),
);

function entryOf(text: Text, row: Row, system: boolean): CronEntry {
  const count = row.fields[0]?.startsWith('@') ? 1 : 5;
  const first = count + (system ? 1 : 0);
  const commandStart = row.offsets[first] ?? row.end;
  const command = text.content.slice(commandStart, row.end);
  return {
    schedule: row.fields.slice(0, count),
    user: system ? row.fields[count] : undefined,
    command,
    commandText: embed(text, [{ text: command, offset: commandStart }]),
    start: row.start,
    commandStart,
    end: row.end,
  };
}
