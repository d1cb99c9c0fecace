import { secretsIn } from '../../commands/secret-arguments.ts';
import type { Rule } from '../../rule.ts';
import { allCalls } from '../../scripts.ts';

export const secretInArguments: Rule = {
  id: 'script/secret-in-arguments',
  severity: 'warning',
  title: 'a secret in the arguments of a program',
  why: 'Whoever may list processes on the machine reads it, and so do audit logs, shell histories and `docker inspect`; a build argument stays in the history of the image.',
  fix: 'Hand it over by a file, by standard input or by the environment: `-e NAME` without a value, `--from-file`, `--config -`, `--secret`.',
  fixable: 'safe',
  example: { bad: 'docker run -e API_KEY="$API_KEY" app', good: 'docker run -e API_KEY app' },
  check: context =>
    allCalls(context).flatMap(call =>
      secretsIn(call).map(({ word, name, way, bare }) => {
        const { text } = call.shell.document;
        return {
          at: text.place(word.start),
          message: `${name} stands in the arguments of ${call.name} (${way})`,
          ...(bare ? { edits: [text.edit(word.start, word.end, bare)] } : {}),
        };
      }),
    ),
};
