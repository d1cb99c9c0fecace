import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { shellsOf } from '../scripts.ts';
import { isRehearsal, restoresIn } from './backups.ts';
import { migrationAt, rollbackParts, surroundings } from './recovery.ts';

export function ignoredSchemas(context: Context): readonly Finding[] {
  return [...code(context), ...data(context)];
}

const GOES_BACK =
  /\b(?:rollout\s+undo|helm\s+rollback|systemctl\s+(?:re)?start|docker\s+compose\s.*up|docker-compose\s.*up|update-traffic|docker\s+run)\b/;

function code(context: Context): Finding[] {
  const migration = migrationAt(context);
  if (!migration) return [];
  return rollbackParts(context).flatMap(({ calls, text }): Finding[] => {
    const call = calls.find(each => GOES_BACK.test(each.command.words.map(word => word.raw).join(' ')));
    if (!call || /schema|migrat|downgrade|\bdown\b|database|backward|compatib/i.test(text)) return [];
    return [
      {
        at: call.at,
        message: 'the release before meets the schema of this one: nothing is said of its migrations',
        related: [{ ...migration.at, message: `they are run at the start (${migration.how})` }],
      },
    ];
  });
}

const LOSS =
  /\blost\b|\bloss\b|\blos(?:e|es|ing)\b|discard|overwrit|since (?:the|that|then|last)|written (?:since|after)|point[- ]in[- ]time|irreversib/i;

function data(context: Context): Finding[] {
  return shellsOf(context)
    .flatMap(restoresIn)
    .flatMap(({ call, text }): Finding[] =>
      isRehearsal(text.replace(/pg_restore|\S+\.(?:sql|dump|gz)\S*/g, '')) || LOSS.test(surroundings(call))
        ? []
        : [
            {
              at: call.at,
              message: 'what was written since the backup is lost by this restore, and nothing says so',
            },
          ],
    );
}
