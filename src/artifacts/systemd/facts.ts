import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, type FactKind, type FactValues, stated } from '../fact.ts';
import type { IniEntry } from '../ini.ts';
import { binarySize, systemdDuration } from '../quantities.ts';
import type { Place } from '../text.ts';
import { assignments, isYes, setting, type Unit } from './unit.ts';
import { unitWords } from './words.ts';

type UnitDocument = Document<'systemd'>;

/** A unit with what its drop-ins change; a template is one unit for each instance that has drop-ins, or one alone. */
export function unitComponents(document: UnitDocument, set: readonly AnyDocument[]): readonly Component[] {
  const { body: unit } = document;
  if (unit.dropIn || unit.type !== 'service') return [];
  const all = set.filter((each): each is UnitDocument => each.kind === 'systemd' && each.body.dropIn);
  const general = all.filter(each => each.body.name === unit.name);
  const [stem] = /^.*@(?=\.service$)/.exec(unit.name) ?? [];
  const instances = stem
    ? [...new Set(all.map(each => each.body.name))].filter(name => isInstance(name, stem))
    : [];
  if (instances.length === 0) return [componentOf(document, unit.name, general)];
  return instances.map(name =>
    componentOf(document, name, [...general, ...all.filter(each => each.body.name === name)]),
  );
}

const isInstance = (name: string, stem: string): boolean =>
  name.startsWith(stem) && name !== `${stem}.service`;

function componentOf(document: UnitDocument, name: string, dropIns: readonly UnitDocument[]): Component {
  const layers = [document, ...dropIns];
  const type = layers.flatMap(each => setting(each.body, 'Service', 'Type')?.value ?? []).at(-1);
  return {
    platform: 'systemd',
    form: 'process',
    name,
    aliases: [],
    at: document.text.place(execOf(document)?.start ?? 0),
    scope: 'host',
    facts: layers.flatMap(each => factsOfUnit(each)),
    longRunning: type !== 'oneshot',
  };
}

const execOf = ({ body }: UnitDocument): IniEntry | undefined => setting(body, 'Service', 'ExecStart');

function factsOfUnit({ body: unit, text }: UnitDocument): AnyFact[] {
  const place = (entry: IniEntry): Place => text.place(entry.valueStart);
  const fact = <K extends FactKind>(
    kind: K,
    key: string,
    read: (value: string) => FactValues[K] | undefined,
  ) => {
    const entry = setting(unit, 'Service', key);
    return entry ? stated(kind, read(entry.value), place(entry)) : [];
  };
  const percent = (value: string) =>
    /^\d+(?:\.\d+)?%$/.test(value) ? Number.parseFloat(value) * 10 : undefined;
  const limit = (value: string) => (value === 'infinity' ? undefined : binarySize(value));
  return [
    ...fact('command', 'ExecStart', commandOf),
    ...fact('user', 'User', name => ({ name })),
    ...(isYes(setting(unit, 'Service', 'DynamicUser')?.value)
      ? fact('user', 'DynamicUser', () => ({ name: 'dynamic' }))
      : []),
    ...fact('stop.budget', 'TimeoutSec', budget),
    ...fact('stop.budget', 'TimeoutStopSec', budget),
    ...fact('restart', 'Restart', value => value),
    ...fact('memory.limit', 'MemoryMax', limit),
    ...fact('cpu.limit', 'CPUQuota', percent),
    ...assignments(unit, 'Service', 'EnvironmentFile').flatMap(entry =>
      stated(
        'env.file',
        { path: entry.value.replace(/^-/, ''), optional: entry.value.startsWith('-') },
        place(entry),
      ),
    ),
    ...['LoadCredential', 'LoadCredentialEncrypted', 'PassEnvironment']
      .flatMap(key => assignments(unit, 'Service', key))
      .flatMap(entry => stated('env.unseen', { from: entry.key }, place(entry))),
    ...assignments(unit, 'Service', 'Environment').flatMap(entry => environment(entry, text)),
    ...securityFacts(unit, place),
  ];
}

/** 0 and infinity: systemd waits for ever. */
const budget = (value: string): number | undefined => {
  const time = systemdDuration(value);
  return time === 0 ? Number.POSITIVE_INFINITY : time;
};

/** Prefixes such as `-` and `:` say how it is started, not what. */
function commandOf(value: string): FactValues['command'] | undefined {
  const words = unitWords(value.replace(/^[-@:+!|]+/, '')).map(word => word.text);
  if (words.length === 0) return undefined;
  return { words, shell: /(?:^|\/)(?:ba|da|k|z)?sh$/.test(words[0] ?? '') && words[1] === '-c' };
}

function environment(entry: IniEntry, text: UnitDocument['text']): AnyFact[] {
  return unitWords(entry.value).flatMap(({ text: word, offset }) => {
    const equals = word.indexOf('=');
    if (equals <= 0) return [];
    const value = word.slice(equals + 1);
    // A specifier such as %C is only known to the manager that runs the unit.
    const known = /%[^%]/.test(value) ? {} : { value: value.replaceAll('%%', '%') };
    return stated('env', { name: word.slice(0, equals), ...known }, text.place(entry.valueStart + offset));
  });
}

function securityFacts(unit: Unit, place: (entry: IniEntry) => Place): AnyFact[] {
  const [privileges, system] = [
    setting(unit, 'Service', 'NoNewPrivileges'),
    setting(unit, 'Service', 'ProtectSystem'),
  ];
  return [
    ...(privileges
      ? stated(
          'security',
          { setting: 'no-new-privileges', value: isYes(privileges.value) },
          place(privileges),
        )
      : []),
    ...(system
      ? stated('security', { setting: 'read-only-root', value: system.value === 'strict' }, place(system))
      : []),
  ];
}
