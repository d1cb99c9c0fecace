import type { Finding, Rule } from '../../rule.ts';
import { type WrittenValue, writtenValues } from '../../variables.ts';

/** Schemes whose host is never left out: a socket or a file has others. */
const HOSTED = /^(?:https?|wss?|rediss?|amqps?|mongodb|mysql|nats|grpcs?)$/i;

export const badUrl: Rule = {
  id: 'env/bad-url',
  severity: 'error',
  title: 'a URL that is read otherwise than it is meant',
  why: 'A raw @, / or # in a password ends it early: the rest becomes the host or is dropped, the connection fails, and the error message shows a part of the password.',
  fix: 'Encode what the password holds: %40 for @, %2F for /, %23 for #; and name the host.',
  fixable: 'no',
  example: {
    bad: 'DATABASE_URL=postgres://app:p@ss@db.example.com/app',
    good: 'DATABASE_URL=postgres://app:p%40ss@db.example.com/app',
  },
  check: context =>
    writtenValues(context).flatMap((variable): Finding[] => {
      const fault = faultOf(variable);
      return fault ? [{ at: variable.at, message: `${variable.name} ${fault}` }] : [];
    }),
};

/** Told without the value, which holds the password. */
function faultOf({ name, value }: WrittenValue): string | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(value.trim()) ?? [];
  if (!/(?:^|_)(?:URL|URI|DSN)$/i.test(name) || scheme === undefined || rest === undefined) return undefined;
  // Several URLs in one value, and drivers with a form of their own: user:pw@tcp(host)/db.
  if (/,|\(/.test(rest)) return undefined;
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  if (/\s/.test(rest)) return 'has a space in its URL';
  if (authority.split('@').length > 2) return 'has a raw @ in its user info';
  const cut = rest[authority.length];
  const port = /^[^@[\]]*:([^@]*)$/.exec(authority)?.[1];
  const later = rest.slice(authority.length).split('?', 1)[0] ?? '';
  if (!authority.includes('@') && port !== undefined && !/^\d*$/.test(port) && later.includes('@'))
    return `has a raw ${cut} in its user info`;
  if (HOSTED.test(scheme) && /^(?:[^@]*@)?(?::\d*)?$/.test(authority)) return 'names no host';
  return undefined;
}
