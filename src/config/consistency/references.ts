import { nearest } from '../nearest.ts';
import { referenceNames } from '../reference-names.ts';
import type { Config } from '../schema/config.ts';
import { parseText, referencesOf, type Text } from '../schema/text.ts';
import type { Contradiction } from './contradiction.ts';

/** Every `${…}` names something that the model has. */
export function referenceProblems(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) => {
    const known = referenceNames(config, name);
    const check = (text: Text, ...path: (string | number)[]) =>
      unknown(text, known, ['services', name, ...path]);
    return [
      ...Object.entries(service.env).flatMap(([variable, text]) => check(text, 'env', variable)),
      ...service.args.flatMap((text, i) => check(text, 'args', i)),
      ...(service.command ?? []).flatMap((text, i) => check(text, 'command', i)),
      ...service.smoke.flatMap((smoke, i) =>
        textsOf(smoke).flatMap(({ text, at }) =>
          unknown(text, known, ['services', name, 'smoke', i, ...at]).filter(
            ({ reference }) => !isSecret(reference),
          ),
        ),
      ),
    ];
  });
}

/** A smoke may name any secret: `verify` takes it from the environment. */
const isSecret = (reference: string) => /^secret\.[A-Za-z_]\w*$/.test(reference);

type Smoke = Config['services'][string]['smoke'][number];

/** Every text of a smoke, and where in it. */
function textsOf(smoke: Smoke): { text: Text; at: (string | number)[] }[] {
  return [
    { text: parseText(smoke.path), at: ['path'] },
    ...Object.entries(smoke.headers).map(([header, text]) => ({ text, at: ['headers', header] })),
    ...(smoke.body ? [{ text: smoke.body, at: ['body'] }] : []),
    ...(smoke.json === undefined ? [] : stringsIn(smoke.json, ['json'])),
  ];
}

function stringsIn(value: unknown, at: (string | number)[]): { text: Text; at: (string | number)[] }[] {
  if (typeof value === 'string') return [{ text: parseText(value), at }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => stringsIn(item, [...at, i]));
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, [...at, key]));
}

function unknown(
  text: Text,
  known: ReadonlySet<string>,
  path: (string | number)[],
): (Contradiction & { reference: string })[] {
  return referencesOf(text)
    .filter(name => !known.has(name))
    .map(name => {
      const offer = nearest(name, [...known]);
      const remedy = offer ? `did you mean "\${${offer}}"?` : 'write $${ for a literal ${';
      return { path, reference: name, message: `\${${name}} refers to nothing here; ${remedy}` };
    });
}
