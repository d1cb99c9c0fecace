import type { AnyDocument } from '../../../artifacts/document.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Finding, Rule } from '../../rule.ts';

/** Formats that providers publish: each begins in a way that nothing else does. */
const FORMATS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an Anthropic key', /\bsk-ant-[a-z0-9]{3,8}-[\w-]{20,200}/g],
  ['an OpenAI key', /\bsk-(?:proj-|svcacct-|admin-)[\w-]{20,200}|\bsk-[A-Za-z0-9]{32,64}\b/g],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90})\b/g],
  ['a GitLab token', /\bglpat-[\w-]{20,60}/g],
  ['a Google API key', /\bAIza[\w-]{35}\b/g],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{34}\b/g],
  ['a Slack token', /\bxox[abprs]-\d{8,14}-[\w-]{16,80}/g],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,100}\b/g],
  ['a private key', /-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----\s{0,9}[A-Za-z0-9+/]{40}/g],
];

/** What says of itself that it is none. */
const PLACEHOLDER =
  /x{4}|X{4}|0{6}|1234567|example|placeholder|changeme|change-me|replace|your[-_]|fake|dummy|test[-_]?key|abcdef|\.\.\./i;
const FIXTURE = /(?:^|\/)(?:tests?|__tests__|fixtures?|testdata|mocks?|examples?)\//i;

export const literal: Rule = {
  id: 'secret/literal',
  severity: 'error',
  title: 'a secret that stands in a file',
  why: 'Whoever may read the repository, an image layer or a backup of it may use the key, for ever: what was committed once stays in the history after it is deleted.',
  fix: 'Revoke it, then refer to it: an env file outside of the repository, a secret of the platform, or a credential store.',
  fixable: 'no',
  example: { bad: "environment: {TOKEN: 'glpat-...'}", good: 'environment: {TOKEN: "${TOKEN:?}"}' },
  check: context =>
    context.documents.flatMap(document => [
      ...keysIn(document),
      ...passwordsIn(document),
      ...urlsIn(document),
    ]),
};

function keysIn({ text, name }: AnyDocument): Finding[] {
  if (FIXTURE.test(name)) return [];
  return FORMATS.flatMap(([what, pattern]) =>
    [...text.content.matchAll(pattern)]
      .filter(([found]) => !PLACEHOLDER.test(found) && isVaried(found))
      .map(found => ({
        at: text.place(found.index),
        message: `${what} stands here (${shortened(found[0])})`,
      })),
  );
}

/** A real key has many different characters; one drawn up to look like one seldom. */
const isVaried = (key: string): boolean => new Set(key).size >= 12;

/** Enough to find it, not to use it. */
const shortened = (key: string): string => (key.startsWith('-----') ? 'PEM' : `${key.slice(0, 6)}...`);

/** `PASSWORD '…'` of CREATE or ALTER ROLE. */
function passwordsIn(document: AnyDocument): Finding[] {
  if (document.kind !== 'sql' || FIXTURE.test(document.name)) return [];
  return document.body.flatMap(({ text, words, start }): Finding[] => {
    if (!/^(?:CREATE|ALTER)$/.test(words[0] ?? '') || !/^(?:ROLE|USER)$/.test(words[1] ?? '')) return [];
    const password = /\bPASSWORD\s+'([^']+)'/i.exec(text)?.[1];
    // A psql variable, a template's mark, a stored hash or a word in brackets stands for one.
    if (!password || /^[:$<{%]|^(?:md5|SCRAM-)|[<>{}]/.test(password) || PLACEHOLDER.test(password))
      return [];
    return [
      {
        at: document.text.place(start),
        message: `the password of ${words[2]?.toLowerCase() ?? 'a role'} stands here`,
      },
    ];
  });
}

const URL =
  /\b([a-z][a-z0-9+]{1,20}):\/\/([\w.-]{0,63}):([^\s:@/?#"'`$<>{}()*[\]|\\,;]{8,100})@([\w.-]{1,253})/gi;
/** Guides show how it would look; what is for one machine or named an example is no secret of anybody. */
const SHOWN =
  /\.(?:md|markdown)$|\.(?:example|sample|template|dist)$|(?:^|[./_-])(?:dev|local|test|ci)(?=[./_-]|$)/i;
const COMMON = /^(?:\w*(?:passw(?:or)?d|secret|admin|postgres|guest|demo|root|user)\w{0,4})$/i;

/** A password in a URL to another host. */
function urlsIn({ text, name }: AnyDocument): Finding[] {
  if (FIXTURE.test(name) || SHOWN.test(name) || SHOWN.test(text.file)) return [];
  return [...text.content.matchAll(URL)]
    .filter(([, , user, password = '', host = '']) => {
      const real = /[a-z]/i.test(password) && /[^a-z]/i.test(password) && new Set(password).size >= 6;
      return (
        real && password !== user && !PLACEHOLDER.test(password) && !COMMON.test(password) && !isHere(host)
      );
    })
    .map(({ index, 1: scheme, 2: user }) => ({
      at: text.place(index),
      message: `the password${user ? ` of ${user}` : ''} stands in a URL here (${scheme})`,
    }));
}

const isHere = (host: string): boolean =>
  LOOPBACK.test(host) || /^(?:host|.*\.(?:local|test|invalid))$/i.test(host);
