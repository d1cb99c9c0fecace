import { after } from '../../artifacts/nginx/edits.ts';
import { passOf } from '../../artifacts/nginx/facts.ts';
import { type Directive, named, placeOf } from '../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../../artifacts/nginx/servers.ts';
import type { Edit, Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';

const LOCATIONS = new WeakMap<Context, ReadonlyMap<string, Directive>>();
const keyOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

function locations(context: Context): ReadonlyMap<string, Directive> {
  const known =
    LOCATIONS.get(context) ??
    new Map(
      allServers(context.documents)
        .flatMap(locationsOf)
        .flatMap(([location]) => (location ? [[keyOf(placeOf(location)), location] as const] : [])),
    );
  LOCATIONS.set(context, known);
  return known;
}

/**
 * The edit that gives the location at a place a setting: in the place of its own, else behind the directive that hands
 * requests on. Others, from which it would inherit, stay as they are.
 */
export function settingOf(context: Context, place: Place, name: string, value: string): readonly Edit[] {
  const location = locations(context).get(keyOf(place));
  const [own, ...more] = named(location?.block, name);
  const [first, last] = [own?.args[0], own?.args.at(-1)];
  if (own && first && last && more.length === 0) return [own.text.edit(first.start, last.end, value)];
  const pass = location && passOf(location);
  return pass?.family === 'proxy' && !own ? [after(pass.directive, [`${name} ${value};`])] : [];
}

/** A duration as nginx reads it, rounded up to seconds. */
export const nginxSeconds = (milliseconds: number): string => `${Math.ceil(milliseconds / 1_000)}s`;

/** A size as nginx reads it, rounded up to what it has a letter for. */
export function nginxSize(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return Number.isInteger(mebibytes) ? `${mebibytes}m` : `${Math.ceil(bytes / 1_024)}k`;
}
