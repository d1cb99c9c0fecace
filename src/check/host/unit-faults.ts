import type { Document } from '../../artifacts/document.ts';
import type { IniEntry, IniSection } from '../../artifacts/ini.ts';
import { SECTIONS } from '../../artifacts/systemd/directives.ts';
import { faultsOfService } from '../../artifacts/systemd/exec.ts';
import { demanded } from '../../artifacts/systemd/values.ts';
import { unitWords } from '../../artifacts/systemd/words.ts';
import { nearest } from '../../config/nearest.ts';
import type { Finding } from '../rule.ts';

type UnitDocument = Document<'systemd'>;

/** podman-systemd.unit(5): its generator reads these, and makes units of them. */
const QUADLET = /^(?:Container|Pod|Kube|Volume|Network|Image|Build|Artifact|Quadlet)$/;

export function findingsOf(document: UnitDocument): Finding[] {
  const { sections } = document.body;
  if (sections.some(({ name }) => QUADLET.test(name))) return [];
  const faults = faultsOfService(document.body).map(({ offset, message }) => ({
    at: document.text.place(offset),
    message,
  }));
  return [...sections.flatMap(section => findingsIn(document, section)), ...faults];
}

function findingsIn({ text, body }: UnitDocument, section: IniSection): Finding[] {
  const known = Object.hasOwn(SECTIONS, section.name) ? SECTIONS[section.name] : undefined;
  if (section.name.startsWith('X-')) return [];
  if (!known) {
    const offer = nearest(section.name, Object.keys(SECTIONS));
    const message = `systemd has no section [${section.name}]${offer ? `: is [${offer}] meant?` : ''}`;
    return [{ at: text.place(section.start), message }];
  }
  // A type that has no section of its own, such as target, reads none of another's.
  const own = body.type.charAt(0).toUpperCase() + body.type.slice(1);
  if (!/^(?:Unit|Install)$/.test(section.name) && section.name !== own)
    return [
      {
        at: text.place(section.start),
        message: `a ${body.type} does not read the section [${section.name}]`,
      },
    ];
  return section.entries.flatMap(entry => findingOf({ text, body } as UnitDocument, section, entry, known));
}

function findingOf(
  { text }: UnitDocument,
  section: IniSection,
  entry: IniEntry,
  known: ReadonlySet<string>,
): Finding[] {
  const { key, value, start } = entry;
  // What begins with X- is for others, and a - before a key only says that a fault in it is no matter.
  if (/^(?:X-|-)/.test(key)) return [];
  if (known.has(key)) {
    const wanted = demanded(section.name, key, value, unitWords(value));
    const message = `${key}=${value.slice(0, 40)}: systemd wants ${wanted} and ignores it`;
    return wanted ? [{ at: text.place(entry.valueStart), message }] : [];
  }
  const home = Object.keys(SECTIONS).find(
    name => /^(?:Unit|Service|Install)$/.test(name) && SECTIONS[name]?.has(key),
  );
  const message = `systemd knows no ${key} in [${section.name}]`;
  if (home) return [{ at: text.place(start), message: `${message}: it belongs to [${home}]` }];
  const offer = nearest(key, [...known]);
  const edits = offer && isSlip(key, offer) ? [text.edit(start, start + key.length, offer)] : [];
  return [{ at: text.place(start), message: offer ? `${message}: is ${offer} meant?` : message, edits }];
}

/** One letter more, less, other or swapped; or capitals alone. */
function isSlip(word: string, meant: string): boolean {
  const [a, b] = [word.toLowerCase(), meant.toLowerCase()];
  if (a === b) return true;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const swapped = left.length === 2 && left === [...right].reverse().join('');
  return swapped || Math.max(left.length, right.length) <= 1;
}
