import { factsOf } from '../artifacts/fact.ts';
import { type Place, placeKey } from '../artifacts/text.ts';
import type { Context } from './context.ts';

/** A value that somebody wrote for a variable, with nothing in it that is filled in elsewhere. */
export interface WrittenValue {
  readonly name: string;
  readonly value: string;
  readonly at: Place;
}

/** Every variable of env files and of what runs, each place once. */
export function writtenValues(context: Context): readonly WrittenValue[] {
  const found = new Map<string, WrittenValue>();
  const add = (name: string, value: string | undefined, at: Place) => {
    // Templates, references and marks for somebody to fill in are not values.
    if (value !== undefined && !/[$<>{}]|^\s*$|\.{3}/.test(value))
      found.set(placeKey(at), { name, value, at });
  };
  for (const { body, text } of context.of('env'))
    for (const { name, value, quote, start } of body)
      add(name, quote ? value : value?.replace(/\s+#.*$/, ''), text.place(start));
  for (const member of context.members)
    for (const { value, at } of factsOf(member, 'env')) add(value.name, value.value, at);
  return [...found.values()];
}

/** Every URL of a variable, with `*` for what is filled in elsewhere. */
export function writtenUrls(context: Context): readonly WrittenValue[] {
  const partly = [
    ...context
      .of('env')
      .flatMap(({ body, text }) =>
        body.flatMap(({ name, value, start }) =>
          value?.includes('$') ? [{ name, value: value.replace(REFERENCE, '*'), at: text.place(start) }] : [],
        ),
      ),
    ...context.members.flatMap(member =>
      factsOf(member, 'env').flatMap(({ value, at }) =>
        value.partly === undefined ? [] : [{ name: value.name, value: value.partly, at }],
      ),
    ),
  ];
  const places = new Map(partly.map(each => [`${each.at.file}:${each.at.line}:${each.at.column}`, each]));
  return [...writtenValues(context), ...places.values()];
}

const REFERENCE = /\$(?:\{[^{}]*\}|\w+)/g;
