import type { Config } from '../schema/config.ts';
import { looksSecret } from '../schema/secret.ts';
import { literalOf, type Text } from '../schema/text.ts';
import type { Contradiction } from './contradiction.ts';

const REMEDY =
  "this looks like a secret's value; list its name under `secrets` and keep the value out of the file";

/** A secret's value must not stand in a file that is committed. The value itself is never repeated. */
export function secretProblems(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) => {
    const path = (...rest: (string | number)[]) => ['services', name, ...rest];
    return [
      ...Object.entries(service.env).flatMap(([variable, value]) =>
        carries(value, path('env', variable), variable),
      ),
      ...words(service.args, path('args')),
      ...words(service.command ?? [], path('command')),
      ...service.smoke.flatMap((smoke, i) => [
        ...Object.entries(smoke.headers).flatMap(([header, value]) =>
          carries(value, path('smoke', i, 'headers', header), header),
        ),
        ...(looksSecret(smoke.path) ? [{ path: path('smoke', i, 'path'), message: REMEDY }] : []),
        ...(smoke.body ? carries(smoke.body, path('smoke', i, 'body')) : []),
        ...(looksSecret(JSON.stringify(smoke.json ?? ''))
          ? [{ path: path('smoke', i, 'json'), message: REMEDY }]
          : []),
      ]),
    ];
  });
}

const carries = (value: Text, path: (string | number)[], name?: string): Contradiction[] =>
  looksSecret(literalOf(value), name) ? [{ path, message: REMEDY }] : [];

/** Words of a command: what follows `--api-key` is named by it. */
function words(values: readonly Text[], path: (string | number)[]): Contradiction[] {
  return values.flatMap((value, i) => {
    const before = i > 0 ? literalOf(values[i - 1] as Text) : '';
    const isFlag = before.startsWith('-') && !literalOf(value).startsWith('-');
    return carries(value, [...path, i], isFlag ? before : undefined);
  });
}
