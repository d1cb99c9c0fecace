import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { backendsOf, LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

export const proxyBypassed: Rule = {
  id: 'cross/proxy-bypassed',
  severity: 'error',
  title: 'a service behind a proxy that is also reached past it',
  why: 'Whoever asks the port directly gets there without TLS, limits, authentication and logs of the proxy; what the proxy hides is open. A firewall of the host does not help: docker lets its ports through before ufw is asked.',
  fix: 'Publish it for this host alone: 127.0.0.1:8080:8080.',
  fixable: 'safe',
  example: {
    bad: 'ports: ["8080:8080"]   # proxy_pass http://127.0.0.1:8080',
    good: 'ports: ["127.0.0.1:8080:8080"]   # proxy_pass http://127.0.0.1:8080',
  },
  check: context =>
    unique(
      context.members.filter(member => member.form === 'route').flatMap(route => findingsOf(context, route)),
    ),
};

/** A proxy that asks a port of its own host. */
function findingsOf(context: Context, route: Member): Finding[] {
  const targets = (factOf(route, 'route')?.value.to ?? []).filter(({ host }) => LOOPBACK.test(host));
  return backendsOf(context, route).flatMap(backend =>
    factsOf(backend, 'port.published')
      .filter(({ value }) => targets.some(({ port }) => port === value.port))
      .filter(({ value }) => value.host === undefined || value.host === '0.0.0.0' || value.host === '[::]')
      .map(({ value, at }) => ({
        at,
        message: `${backend.name} stands behind nginx, but its port ${value.port} is published on all addresses`,
        related: [{ ...route.at, message: `${route.name} leads to it` }],
        edits: editsAt(context, at.file, at, value.port, value.host),
      })),
  );
}

/** The short form, which begins with the port; another form is left to a person. */
function editsAt(context: Context, file: string, at: Member['at'], port: number, host: string | undefined) {
  const text = context.texts.get(file);
  const line = text?.content.split('\n')[at.line - 1] ?? '';
  const rest = line.slice(at.column - 1);
  const [, quote, address = ''] = /^(["']?)((?:0\.0\.0\.0:|\[::\]:)?)(?=\d+:\d)/.exec(rest) ?? [];
  if (!text || quote === undefined || !rest.slice(quote.length + address.length).startsWith(`${port}:`))
    return [];
  if ((host === undefined) !== (address === '')) return [];
  const start =
    text.content
      .split('\n')
      .slice(0, at.line - 1)
      .join('\n').length +
    (at.line > 1 ? 1 : 0) +
    at.column -
    1 +
    quote.length;
  return [text.edit(start, start + address.length, '127.0.0.1:')];
}

/** Several locations may lead to one port. */
function unique(found: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return found.filter(({ at }) => {
    const key = `${at.file}:${at.line}:${at.column}`;
    return !seen.has(key) && seen.add(key);
  });
}
