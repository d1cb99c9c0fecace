import { isRemoteHost } from '../../remote.ts';
import type { Finding, Rule, Severity } from '../../rule.ts';
import { writtenUrls } from '../../variables.ts';

const DATABASE = /^(postgres|postgresql|mysql|mariadb|mongodb|rediss?)(?:\+\w+)*$/i;

export const databaseTls: Rule = {
  id: 'env/database-tls',
  severity: ['error', 'warning'],
  title: 'a remote database that is reached without TLS, or without knowing that it is the one',
  why: 'Password and data cross the network in clear text, or go to whoever answers in place of the server: disable, allow and prefer all take a connection without TLS, and require takes any certificate.',
  fix: 'Set sslmode=verify-full with the root certificate of the provider (sslrootcert); elsewhere tls=true with verification on.',
  fixable: 'no',
  example: {
    bad: 'DATABASE_URL=postgres://app@db.example.com/app?sslmode=prefer',
    good: 'DATABASE_URL=postgres://app@db.example.com/app?sslmode=verify-full',
  },
  check: context =>
    writtenUrls(context).flatMap(({ name, value, at }): Finding[] => {
      const found = looseness(value);
      if (!found) return [];
      const what = found.severity === 'error' ? 'may go without TLS' : 'is encrypted, but to any server';
      const message = `${name} says ${found.setting}: the connection to ${found.host} ${what}`;
      return [{ at, severity: found.severity, message }];
    }),
};

/** What a URL says itself; drivers differ in what they do where it says nothing. */
function looseness(value: string): { setting: string; host: string; severity: Severity } | undefined {
  const [, scheme, authority, query] =
    /^([a-z][a-z0-9+]*):\/\/([^/?#]*)[^?]*\?(.*)$/i.exec(value.trim()) ?? [];
  if (!DATABASE.test(scheme ?? '') || authority === undefined) return undefined;
  const host = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(authority)?.[1] ?? '';
  const settings = new Map((query ?? '').split('&').map(pair => [pair.split('=')[0] ?? '', pair]));
  // A host in the query is a socket or another one.
  if (!isRemoteHost(host) || settings.has('host')) return undefined;
  for (const [key, setting] of settings) {
    const word = setting.slice(key.length + 1).toLowerCase();
    const severity = severityFor(key.toLowerCase(), word, settings.has('sslrootcert'));
    if (severity) return { setting, host, severity };
  }
  return undefined;
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS; with a root certificate, require verifies. */
function severityFor(key: string, word: string, root: boolean): Severity | undefined {
  if (/^(?:sslmode|ssl-mode|ssl_mode)$/.test(key)) {
    if (/^(?:disabled?|allow|prefer|preferred)$/.test(word)) return 'error';
    return /^(?:require|required)$/.test(word) && !root ? 'warning' : undefined;
  }
  if (/^(?:ssl|tls)$/.test(key)) {
    if (/^(?:false|0|preferred)$/.test(word)) return 'error';
    return word === 'skip-verify' ? 'warning' : undefined;
  }
  if (/^(?:tlsinsecure|tlsallowinvalidcertificates)$/.test(key) && word === 'true') return 'warning';
  return key === 'ssl_cert_reqs' && word === 'none' ? 'warning' : undefined;
}
