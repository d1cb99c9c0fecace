import type { Contradiction } from '../consistency.ts';
import { nearest } from '../nearest.ts';
import { referenceNames } from '../reference-names.ts';
import type { Config } from '../schema/config.ts';
import { referencesOf, type Text } from '../schema/text.ts';

/** Every `${…}` names something that the model has. */
export function referenceProblems(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) => {
    const known = referenceNames(config, name);
    const check = (text: Text, ...path: (string | number)[]) =>
      unknown(text, known, ['services', name, ...path]);
    const secrets = new Set([...known, ...service.smoke.flatMap(smoke => smokeSecrets(smoke))]);
    return [
      ...Object.entries(service.env).flatMap(([variable, text]) => check(text, 'env', variable)),
      ...service.args.flatMap((text, i) => check(text, 'args', i)),
      ...(service.command ?? []).flatMap((text, i) => check(text, 'command', i)),
      ...service.smoke.flatMap((smoke, i) =>
        Object.entries(smoke.headers).flatMap(([header, text]) =>
          unknown(text, secrets, ['services', name, 'smoke', i, 'headers', header]),
        ),
      ),
    ];
  });
}

/** A smoke may name any secret: `verify` takes it from the environment. */
const smokeSecrets = (smoke: Config['services'][string]['smoke'][number]) =>
  Object.values(smoke.headers).flatMap(text =>
    referencesOf(text).filter(name => /^secret\.[A-Za-z_]\w*$/.test(name)),
  );

function unknown(text: Text, known: ReadonlySet<string>, path: (string | number)[]): Contradiction[] {
  return referencesOf(text)
    .filter(name => !known.has(name))
    .map(name => {
      const offer = nearest(name, [...known]);
      const remedy = offer ? `did you mean "\${${offer}}"?` : 'write $${ for a literal ${';
      return { path, message: `\${${name}} refers to nothing here; ${remedy}` };
    });
}
