import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';
import { shellsOf } from './scripts.ts';

/** Who a script makes the owner of a path of the host, by number. */
export interface Owner {
  readonly path: string;
  readonly uid: number;
  readonly at: Place;
}

/** The last that any script says of each path. */
export function ownersIn(context: Context): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { calls, host } of shellsOf(context))
    for (const { name, command, at } of calls) {
      if (host.kind === 'dockerfile' || (name !== 'chown' && name !== 'install')) continue;
      const words = command.words.slice(1).map(word => word.value ?? '');
      const option = words.findIndex(word => /^(?:-o|--owner)$/.test(word));
      const uid =
        name === 'install'
          ? words[option + 1]
          : words.find(word => /^\d+(?::\d*)?$/.test(word))?.split(':')[0];
      if (uid === undefined || !/^\d+$/.test(uid) || (name === 'install' && option === -1)) continue;
      for (const path of words.filter(word => /^\.{0,2}\//.test(word)))
        owners.set(path.replace(/^\.\/|\/+$/g, ''), { path, uid: Number(uid), at });
    }
  return owners;
}
