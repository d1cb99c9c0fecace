import { factsOf } from '../../artifacts/fact.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { allCalls, shellsOf } from '../scripts.ts';
import { lastingOf, listingOf, pipedToSelf, uncheckedProbe, wordsOf } from './verdicts.ts';

export function undecidedChecks(context: Context): readonly Finding[] {
  return [
    ...allCalls(context).flatMap((call): Finding[] => {
      const { text } = call.shell.document;
      const url = uncheckedProbe(call);
      if (url) {
        const end = call.command.words[0]?.end ?? call.command.start;
        return [
          {
            at: call.at,
            message: `${url} may answer 500 and curl still succeeds`,
            edits: [text.edit(end, end, ' -f')],
          },
        ];
      }
      const fault = pipedToSelf(call) ?? lastingOf(call);
      return fault ? [{ at: call.at, message: fault }] : [];
    }),
    ...shellsOf(context).flatMap((shell): Finding[] => {
      const call = listingOf(shell);
      return call ? [{ at: call.at, message: `${wordsOf(call)} succeeds whatever it lists` }] : [];
    }),
    ...context.members.flatMap(member =>
      factsOf(member, 'health').flatMap(({ value, at }): Finding[] => {
        const command = value.command?.join(' ') ?? '';
        const curl = /\bcurl\b[^|;&]*https?:\/\//.test(command) && !CHECKED.test(command);
        return curl
          ? [
              {
                at,
                message: `${member.name || 'the image'} is healthy whatever its health check is answered: curl without --fail`,
              },
            ]
          : [];
      }),
    ),
  ];
}

const CHECKED = /\s-[a-zA-Z]*f|--fail|http_code|\|\s*(?:grep|jq)/;
