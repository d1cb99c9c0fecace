import type { AnyDocument } from '../../artifacts/document.ts';
import { expanded, UNKNOWN } from '../../artifacts/shell/expand.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { type Call, operandsOf, shellsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';

/** A command that decides who may write to paths of a host. */
export interface Grant {
  /** Who owns them after it; everybody, where the mode says so. */
  readonly to: string;
  readonly paths: readonly string[];
  /** With everything below. */
  readonly deep: boolean;
  readonly at: Place;
}

export const EVERYBODY = 'everybody';

/** By the guide or script that they stand in, in its order. */
export function grantsIn(context: Context): readonly (readonly Grant[])[] {
  const found = new Map<AnyDocument, Grant[]>();
  for (const { host, calls } of shellsOf(context)) {
    if (host.kind === 'dockerfile') continue;
    const grants = calls.flatMap(grantOf);
    if (grants.length > 0) found.set(host, [...(found.get(host) ?? []), ...grants]);
  }
  return [...found.values()];
}

function grantOf(call: Call): Grant[] {
  if (!/^(?:chown|chmod|install)$/.test(call.name)) return [];
  const values = valuesOf(call.shell.document);
  const text = (raw: string) => expanded(raw, values).replace(/(?<=.)\/+$/, '');
  const deep = call.command.words.some(word => /^-[a-zA-Z]*R|^--recursive$/.test(word.raw));
  const { at } = call;
  if (call.name === 'install') {
    const owner = optionValues(call.command, '-o', '--owner')[0];
    const [goal] = operandsOf(call.command, '-m', '-o', '-g', '--mode', '--owner', '--group').slice(-1);
    return owner && goal ? [{ to: text(owner.raw), paths: [text(goal.raw)], deep: false, at }] : [];
  }
  const [first, ...rest] = operandsOf(call.command, '--reference').map(word => text(word.raw));
  const paths = rest.filter(path => path.startsWith('/') && !path.includes(UNKNOWN));
  if (first === undefined || paths.length === 0) return [];
  if (call.name === 'chown') {
    const owner = first.split(/[:.]/)[0] ?? '';
    return owner === '' || owner.includes(UNKNOWN) ? [] : [{ to: owner, paths, deep, at }];
  }
  const open = /^0?\d\d[2367]$|(?:^|,)[ao]*[ao]\+[rx]*w/.test(first);
  return open ? [{ to: EVERYBODY, paths, deep, at }] : [];
}

/** Who holds a file after all of the commands, and by which; undefined where none speaks of it. */
export const holderOf = (grants: readonly Grant[], file: string): Grant | undefined =>
  grants.findLast(({ paths, deep }) =>
    paths.some(path => path === file || (deep && file.startsWith(`${path}/`))),
  );
