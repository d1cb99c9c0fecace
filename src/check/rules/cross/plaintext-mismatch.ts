import { type AnyFact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { addressIn, urlOf } from '../../../artifacts/url.ts';
import { backendsOf } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { memberAt } from '../../database-pools.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { speaksTls, wantsTls } from '../../tls.ts';
import { cited } from '../../words.ts';

export const plaintextMismatch: Rule = {
  id: 'cross/plaintext-mismatch',
  severity: 'error',
  title: 'one side speaks TLS and the other does not',
  why: 'Not one connection comes about: the one sends a greeting that the other takes for garbage and closes. What is seen is a 502, "wrong version number", or "server does not support SSL".',
  fix: 'Let both speak TLS, or neither: https and a certificate at the listener, or http between what only the two reach.',
  fixable: 'no',
  example: {
    bad: 'proxy_pass https://127.0.0.1:8000;   # uvicorn without --ssl-certfile',
    good: 'proxy_pass http://127.0.0.1:8000;',
  },
  check: context =>
    oncePerPlace([
      ...proxied(context),
      ...context.members.flatMap(each => [...called(context, each), ...checked(each)]),
    ]),
};

const says = (tls: boolean): string => (tls ? 'speaks TLS' : 'speaks no TLS');

function proxied(context: Context): Finding[] {
  return context.members.flatMap(route => {
    const to = factOf(route, 'route');
    const ways = new Set(to?.value.to.map(target => target.tls));
    if (!to || ways.size !== 1) return [];
    const tls = ways.has(true);
    return backendsOf(context, route).flatMap((backend): Finding[] => {
      const own = speaksTls(backend);
      if (!own || own.tls === tls) return [];
      const message = `${route.name} ${says(tls)} to ${backend.name}, which ${says(own.tls)} (${own.why})`;
      return [{ at: to.at, message, related: [cited(own.fact, own.why)] }];
    });
  });
}

/** URLs of what stands beside it; and ports that everybody knows. */
function called(context: Context, member: Member): Finding[] {
  return factsOf(member, 'env').flatMap(({ value, at }): Finding[] => {
    const { name } = value;
    const url = urlOf(value) ?? '';
    const address = addressIn(url.replace(/^(postgres(?:ql)?)\+\w{1,20}:/, '$1:'));
    const tls = address && wantsTls(address, url);
    if (!address || tls === undefined) return [];
    if ((tls && address.port === 80) || (!tls && /^http$/.test(address.scheme) && address.port === 443))
      return [
        { at, message: `${name} is ${address.scheme} at port ${address.port}, where the other is spoken` },
      ];
    const other = memberAt(context, member, address.host);
    const own = other && other !== member ? speaksTls(other, address.port) : undefined;
    if (!other || !own || own.tls === tls) return [];
    const message = `${name} of ${member.name} wants ${tls ? 'TLS' : 'no TLS'}, and ${other.name} ${says(own.tls)} (${own.why})`;
    return [{ at, message, related: [cited(own.fact, own.why)] }];
  });
}

/** A check of the container by itself. */
function checked(member: Member): Finding[] {
  const own = speaksTls(member);
  return factsOf(member, 'health').flatMap((health): Finding[] => {
    const [url] =
      /https?:\/\/(?:localhost|127\.0\.0\.1)[:/][^\s"']{0,200}/.exec(health.value.command?.join(' ') ?? '') ??
      [];
    if (!own || !url || url.startsWith('https:') === own.tls) return [];
    const message = `${member.name} is checked at ${url.split('/').slice(0, 3).join('/')}, and ${says(own.tls)} (${own.why})`;
    return [{ at: health.at, message, related: [cited(own.fact as AnyFact, own.why)] }];
  });
}
