import type { Document } from '../../../artifacts/document.ts';
import { factsOf } from '../../../artifacts/fact.ts';
import type { Place } from '../../../artifacts/text.ts';
import type { Context } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const placeholder: Rule = {
  id: 'file/placeholder',
  severity: 'warning',
  title: 'a value that somebody was meant to replace',
  why: 'The service starts with it: a password that everybody can guess, a key that every call fails with, an address that belongs to somebody else.',
  fix: 'Put the value in, or refer to where it comes from so that a start without it fails: ${NAME:?}.',
  fixable: 'no',
  example: { bad: 'POSTGRES_PASSWORD: changeme', good: 'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}' },
  check: context => oncePerPlace([...inVariables(context), ...context.of('env').flatMap(inFile)]),
};

/** Whole values only: a prompt may speak of TODO lists. */
const PLACEHOLDER =
  /^(?:<[^<>]{1,60}>|\[(?:your|insert)[^\]]{0,60}\]|change[-_ ]?(?:me|this)\w{0,20}|(?:your|my)[-_](?:[\w-]{0,40}[-_])?(?:key|token|secret|password|domain|host|here|project|bucket|url)|(?:insert|replace|put)[-_](?:me|this|your)[\w-]{0,40}|x{4,}|todo|fixme|tbd)$/i;

/** An example is there to be filled in. */
const isSample = (name: string): boolean =>
  /\.(?:example|sample|template|dist)$|(?:^|\/)(?:examples?|samples?)\//i.test(name);

/** In a guide `<your key>` tells its reader what to fill in; `changeme` is a value that works when it is copied. */
const isTold = (value: string, file: string): boolean =>
  /\.(?:md|markdown)$/i.test(file) && !/^change[-_ ]?(?:me|this)/i.test(value);

function inVariables({ members }: Context): Finding[] {
  return members
    .filter(
      member => member.production && !isSample(member.document.name) && !isSample(member.document.text.file),
    )
    .flatMap(member =>
      factsOf(member, 'env').flatMap(({ value, at }) =>
        isSample(at.file) ? [] : found(value.name, value.value, at),
      ),
    );
}

const inFile = ({ name, text, body }: Document<'env'>): Finding[] =>
  isSample(name) || isSample(text.file)
    ? []
    : body.flatMap(each => found(each.name, each.value, text.place(each.start)));

const found = (name: string, value: string | undefined, at: Place): Finding[] =>
  value !== undefined && PLACEHOLDER.test(value.trim()) && !isTold(value.trim(), at.file)
    ? [{ at, message: `${name} still has the value ${shownOf(value)}` }]
    : [];

/** What is no secret yet may be shown; it is cut short all the same. */
const shownOf = (value: string): string => (value.length > 24 ? `${value.slice(0, 24)}...` : value);
