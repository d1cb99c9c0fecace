import type { Document } from '../../artifacts/document.ts';
import { factOf, factsOf } from '../../artifacts/fact.ts';
import type { IniEntry } from '../../artifacts/ini.ts';
import { assignments } from '../../artifacts/systemd/unit.ts';
import { unitWords } from '../../artifacts/systemd/words.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context, Member } from '../context.ts';
import { membersOf } from '../knowledge.ts';

type UnitDocument = Document<'systemd'>;

/** A service of a host with the files that make it: the unit, and the drop-ins that change it. */
export interface HostUnit {
  readonly member: Member;
  readonly layers: readonly [UnitDocument, ...UnitDocument[]];
}

/** An assignment with the file that it stands in. */
export interface Setting extends IniEntry {
  readonly document: UnitDocument;
  readonly at: Place;
}

/** The services of the system's manager; those of a user's have other rights and other targets. */
export function hostUnits(context: Context): readonly HostUnit[] {
  const dropIns = new Map<string, UnitDocument[]>();
  for (const each of context.of('systemd'))
    if (each.body.dropIn) dropIns.set(each.body.name, [...(dropIns.get(each.body.name) ?? []), each]);
  return context.members.flatMap(member => {
    const { document } = member;
    if (member.platform !== 'systemd' || document.kind !== 'systemd' || isOfUser(document)) return [];
    const own = dropIns.get(member.name) ?? [];
    const general = member.name === document.body.name ? [] : (dropIns.get(document.body.name) ?? []);
    return [{ member, layers: [document, ...general, ...own] as const }];
  });
}

const isOfUser = ({ name, body }: UnitDocument): boolean =>
  /(?:^|\/)systemd\/user\//.test(name) ||
  assignments(body, 'Install', 'WantedBy').some(({ value }) => /\bdefault\.target\b/.test(value));

/** Every assignment of a key that holds; one that is empty takes back those before it, also of other layers. */
export function settingsOf({ layers }: HostUnit, section: string, key: string): readonly Setting[] {
  const all = layers.flatMap(document =>
    document.body.sections
      .filter(each => each.name === section)
      .flatMap(each => each.entries.filter(entry => entry.key === key))
      .map(entry => ({ ...entry, document, at: document.text.place(entry.start) })),
  );
  return all.slice(all.findLastIndex(entry => entry.value === '') + 1);
}

export const settingOf = (unit: HostUnit, section: string, key: string): Setting | undefined =>
  settingsOf(unit, section, key).at(-1);

/** The words of all of them: units that it is ordered after, paths that it may write. */
export const wordsOf = (unit: HostUnit, section: string, key: string): readonly string[] =>
  settingsOf(unit, section, key).flatMap(({ value }) => unitWords(value).map(({ text }) => text));

/** Something of the set says that it listens. */
export const listens = (context: Context, member: Member): boolean =>
  membersOf(context, member).some(
    each => factsOf(each, 'port.listen').length > 0 || factOf(each, 'server') !== undefined,
  );

/** It runs containers or talks to their engine: what limits it is not its unit. */
export const isWrapper = (member: Member): boolean =>
  /(?:^|\/)(?:docker|docker-compose|podman|podman-compose|nerdctl|kubectl|ctr|crictl)$/.test(
    factOf(member, 'command')?.value.words[0] ?? '',
  );

/** Lines at the end of a section of the unit's own file. */
export function appended({ layers: [{ text, body }] }: HostUnit, section: string, lines: readonly string[]) {
  const found = body.sections.findLast(each => each.name === section);
  const last = found?.entries.at(-1);
  if (!last) return [];
  const newline = text.content.includes('\r\n') ? '\r\n' : '\n';
  return [text.edit(last.end, last.end, lines.map(line => `${newline}${line}`).join(''))];
}
