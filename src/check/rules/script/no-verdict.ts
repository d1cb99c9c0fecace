import { factsOf } from '../../../artifacts/fact.ts';
import type { Finding, Rule } from '../../rule.ts';
import { allCalls, shellsOf } from '../../scripts.ts';
import { lastingOf, listingOf, pipedToSelf, uncheckedProbe, wordsOf } from '../../verdicts.ts';

export const noVerdict: Rule = {
  id: 'script/no-verdict',
  severity: 'error',
  title: 'a check that cannot fail, or cannot end',
  why: 'By itself curl ends well when the answer is 500, grep finds itself in the list of processes, and a list of containers is printed whether they run or not: the check is green while the service is down. What follows a log never ends.',
  fix: 'Let the command decide: `curl --fail`, `systemctl is-active`, `kubectl rollout status`, `docker compose up --wait`; print logs without following them.',
  fixable: 'safe',
  example: {
    bad: 'curl -s http://127.0.0.1:8080/health || exit 1',
    good: 'curl -f -s http://127.0.0.1:8080/health || exit 1',
  },
  check: context => [
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
  ],
};

const CHECKED = /\s-[a-zA-Z]*f|--fail|http_code|\|\s*(?:grep|jq)/;
