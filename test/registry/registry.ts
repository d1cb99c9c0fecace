import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of units and the list that names them. */
export interface Registry {
  readonly name: string;
  /** Where each unit has its source, as a file or a folder; `<group>/<id>` where units stand in groups. */
  readonly folder: string;
  readonly groups?: true;
  /** Units are folders only; files beside them are shared code. */
  readonly foldersOnly?: true;
  /** The list that belongs to the folder, in its own order. */
  list(): Promise<readonly string[]>;
  /** Lists are alphabetical, but for those that show their order to people. */
  readonly ordered?: 'as people read it';
  /** Other folders that each unit must have. */
  readonly needs?: (id: string) => readonly string[];
}

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

export async function faultsOf(root: string, registry: Registry): Promise<string[]> {
  const listed = await registry.list();
  const there = unitsIn(join(root, registry.folder), registry);
  const lines: string[] = [];
  for (const id of listed)
    if (!there.includes(id)) lines.push(`${id} is listed, but ${registry.folder}/${id} is not there`);
  for (const id of there)
    if (!listed.includes(id)) lines.push(`${registry.folder}/${id} is there, but it is not listed`);
  for (const id of listed)
    if (!id.split('/').every(part => KEBAB.test(part))) lines.push(`${id} is not kebab-case`);
  for (const [i, id] of listed.entries()) {
    if (listed.indexOf(id) < i) lines.push(`${id} is listed twice`);
    else if (!registry.ordered && i > 0 && id < (listed[i - 1] ?? ''))
      lines.push(`${id} stands after ${listed[i - 1]}; the list is alphabetical`);
  }
  for (const id of listed)
    for (const place of registry.needs?.(id) ?? [])
      if (!hasFile(join(root, place))) lines.push(`${id} needs ${place}, which is empty or not there`);
  return lines;
}

/** Units on disk: folders, and files but for the list itself. */
function unitsIn(folder: string, { groups, foldersOnly }: Registry): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.name !== 'all.ts');
  if (groups)
    return entries
      .filter(entry => entry.isDirectory())
      .flatMap(entry => unitsIn(join(folder, entry.name), {} as Registry).map(id => `${entry.name}/${id}`));
  return entries
    .filter(entry => entry.isDirectory() || (!foldersOnly && entry.name.endsWith('.ts')))
    .map(entry => entry.name.replace(/\.ts$/, ''));
}

const hasFile = (place: string): boolean =>
  existsSync(place) &&
  readdirSync(place, { recursive: true, withFileTypes: true }).some(entry => entry.isFile());
