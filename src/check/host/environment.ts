import type { Document } from '../../artifacts/document.ts';
import { factOf, factsOf } from '../../artifacts/fact.ts';
import { type Command, nameOf, unwrapped, valueAt } from '../../artifacts/shell/script.ts';
import { unitWords } from '../../artifacts/systemd/words.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type HostUnit, settingsOf } from './units.ts';

export function paths(unit: HostUnit): Finding[] {
  return settingsOf(unit, 'Service', 'Environment').flatMap(entry =>
    unitWords(entry.value).flatMap(({ text, offset }): Finding[] => {
      const value = /^PATH=(.+)$/.exec(text)?.[1];
      if (value === undefined || /%[^%]/.test(value)) return [];
      const at = entry.document.text.place(entry.valueStart + offset);
      if (/\$\{?PATH\b/.test(value))
        return [
          { at, message: `PATH=${value}: a unit does not fill in $PATH, so it is a folder of that name` },
        ];
      const parts = value.split(':');
      if (parts.some(part => /^(?:\/usr)?\/bin\/?$/.test(part))) return [];
      return [{ at, message: `PATH=${value} replaces the usual one: /usr/bin and /bin are not in it` }];
    }),
  );
}

/** In a script or guide: a change of what is read at the start alone, and then a reload. */
export function reloads(
  context: Context,
  { body, text }: Document<'shell'>,
  units: readonly HostUnit[],
): Finding[] {
  const commands = body.commands.map(unwrapped);
  return commands.flatMap((command, i): Finding[] => {
    if (nameOf(command) !== 'systemctl' || valueAt(command, 1) !== 'reload') return [];
    const unit = units.find(({ member }) =>
      command.words.slice(2).some(word => isNamed(member.name, word.value)),
    );
    const before = commands.slice(0, i);
    const restarted = before.findLastIndex(each => isRestart(each));
    const changed = unit && changeIn(context, before.slice(restarted + 1), unit);
    if (!unit || !changed) return [];
    return [
      {
        at: text.place(command.start),
        severity: 'info',
        message: `a reload leaves ${unit.member.name} with what it read at its start: ${changed.what}`,
        related: [{ ...text.place(changed.by.start), message: 'changed here' }],
      },
    ];
  });
}

const isNamed = (unit: string, word: string | undefined): boolean =>
  word !== undefined && (word === unit || `${word}.service` === unit);

const isRestart = (command: Command): boolean =>
  nameOf(command) === 'systemctl' && /^(?:try-)?restart$/.test(valueAt(command, 1) ?? '');

function changeIn(
  { documents }: Context,
  commands: readonly Command[],
  { member }: HostUnit,
): { what: string; by: Command } | undefined {
  const files = factsOf(member, 'env.file').map(({ value }) => value.path);
  const edited = commands.find(command => files.some(path => writes(command, path)));
  if (edited) return { what: 'the variables of its EnvironmentFile', by: edited };
  const words = factOf(member, 'command')?.value.words ?? [];
  const preloads =
    words.includes('--preload') ||
    documents.some(
      each =>
        each.kind === 'gunicorn' &&
        words.some(word => word.endsWith(each.name.split('/').at(-1) ?? '\0')) &&
        each.body.some(({ name, raw }) => name === 'preload_app' && raw === 'True'),
    );
  const updated = commands.find(
    command =>
      (nameOf(command) === 'git' && valueAt(command, 1) === 'pull') ||
      (/^(?:pip3?|uv|poetry)$/.test(nameOf(command)) && command.words.some(word => word.value === 'install')),
  );
  return preloads && updated ? { what: 'code that its master preloaded', by: updated } : undefined;
}

const EDITORS = /^(?:cp|install|mv|tee|sed|nano|vi|vim|rsync)$/;

const writes = (command: Command, path: string): boolean =>
  (EDITORS.test(nameOf(command)) && command.words.slice(1).some(word => word.value === path)) ||
  command.redirects.some(({ operator, target }) => operator.startsWith('>') && target?.value === path);
