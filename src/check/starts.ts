import { type Fact, factOf } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';

/** How a form of a service starts its program, without what its platform decides. */
export interface Start {
  readonly member: Member;
  readonly program: string;
  /** `main:app`, of a server that is told so. */
  readonly app: string | undefined;
  readonly workers: number | undefined;
  /** By name; without a value where it takes none. */
  readonly flags: ReadonlyMap<string, string>;
  readonly at: Fact['at'];
}

/** Addresses, paths, logs and numbers sized for a machine differ for good reasons. */
const OF_THE_PLATFORM =
  /host|bind|port|addr|listen|config|file|dir|path|root|socket|uds|log|user|group|pid|worker|thread|proc|proxy|forward|trust|cert|key|tls|ssl|reload|debug|env|memory|cpu|^-[a-z]$/i;

export const startsOf = ({ services }: Context): readonly (readonly Start[])[] =>
  [...services.values()].map(members =>
    members
      .filter(member => member.production && member.platform !== 'config' && member.form !== 'route')
      .flatMap(startOf),
  );

function startOf(member: Member): Start[] {
  const command = factOf(member, 'command');
  // Arguments alone are for an entry point that is not written here.
  if (!command || command.value.shell || command.value.replaces === 'arguments') return [];
  const words = command.value.words;
  const known = words.findIndex(word => /(?:^|\/)(?:gunicorn|uvicorn|hypercorn|granian|daphne)$/.test(word));
  const first = Math.max(known, 0);
  const rest = words.slice(first + 1);
  const flags = new Map<string, string>();
  rest.forEach((word, i) => {
    const [, name, inline] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const next = rest[i + 1];
    if (name && !OF_THE_PLATFORM.test(name))
      flags.set(name, inline ?? (next !== undefined && !next.startsWith('-') ? next : ''));
  });
  const workers = factOf(member, 'server')?.value.workers;
  return [
    {
      member,
      program: words[first]?.split('/').at(-1) ?? '',
      app: known === -1 ? undefined : rest.find(word => /^[\w.]+:[A-Za-z_]\w*(?:\(\))?$/.test(word)),
      workers,
      flags,
      at: command.at,
    },
  ];
}
