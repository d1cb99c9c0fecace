import type { Edit } from '../../../artifacts/text.ts';
import { callsOf, windowsDocuments } from '../../../artifacts/windows-commands.ts';
import { settingOf } from '../../../artifacts/windows-services.ts';
import type { Rule } from '../../rule.ts';

export const envOneString: Rule = {
  id: 'windows/env-one-string',
  severity: 'error',
  title: 'several variables of a service in one argument',
  why: 'NSSM makes one variable of each argument: the first gets all the rest as its value, and the others are not there. The service starts with a port, a timeout and a URL that nobody meant.',
  fix: 'Give each variable an argument of its own: AppEnvironmentExtra "A=1" "B=2".',
  fixable: 'safe',
  example: {
    bad: 'nssm set api AppEnvironmentExtra "PORT=8080;LOG_LEVEL=info"',
    good: 'nssm set api AppEnvironmentExtra "PORT=8080" "LOG_LEVEL=info"',
  },
  check: ({ documents }) =>
    windowsDocuments(documents).flatMap(document =>
      callsOf(document).flatMap(call => {
        const setting = settingOf(call);
        if (!setting || !/^AppEnvironment(?:Extra)?$/i.test(setting.key)) return [];
        return setting.values.flatMap(({ value, start }) => {
          const parts = partsOf(value);
          if (parts.length < 2) return [];
          const names = parts.map(part => part.slice(0, part.indexOf('=')));
          return [
            {
              at: document.text.place(start),
              message: `one argument holds ${names.join(', ')}: ${names[0]} gets all of it`,
              edits: apart(document.text, start, value, parts),
            },
          ];
        });
      }),
    ),
};

/** Each begins with a name in capitals behind a space, a semicolon, a comma or what was meant as a line break. */
const partsOf = (value: string): readonly string[] =>
  /^\+?[A-Z_][A-Z0-9_]{1,60}=/.test(value)
    ? value.split(/(?:[ \t;,|]|\\0|\\r?\\n){1,4}(?=[A-Z_][A-Z0-9_]{1,60}=)/)
    : [];

type Text = Parameters<typeof callsOf>[0]['text'];

function apart(text: Text, start: number, value: string, parts: readonly string[]): readonly Edit[] {
  const quote = text.content[start] ?? '';
  const raw = `${quote}${value}${quote}`;
  const simple = /["']/.test(quote) && text.content.startsWith(raw, start) && !value.includes(quote);
  return simple
    ? [text.edit(start, start + raw.length, parts.map(part => quote + part + quote).join(' '))]
    : [];
}
