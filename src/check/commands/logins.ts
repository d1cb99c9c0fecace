import { expanded } from '../../artifacts/shell/expand.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';
import { isUnattended, remoteHost } from './backups.ts';
import { isDump } from './dumps.ts';

export function attendedLogins(context: Context): readonly Finding[] {
  const known = [...context.texts.values()].some(({ content }) => /\.?pgpass\b/i.test(content));
  return callsOf(context, 'psql', 'pg_dump', 'pg_dumpall', 'pg_restore', 'pg_basebackup', 'vacuumdb').flatMap(
    call => findingsOf(context, call, known),
  );
}

function findingsOf(context: Context, call: Call, known: boolean): Finding[] {
  const host = remoteHost(call);
  if (!host || !isUnattended(context, call.shell)) return [];
  const values = valuesOf(call.shell.document);
  const user = optionValues(call.command, '-U', '--username')[0];
  const name = user ? expanded(user.raw, values) : values.get('PGUSER');
  return [
    ...(known || hasPassword(context, call)
      ? []
      : [
          {
            at: call.at,
            message: `${call.name} logs in to ${host}, and no password, password file or service tells how`,
          },
        ]),
    ...(name === 'postgres' && (isDump(call) || call.name === 'vacuumdb')
      ? [
          {
            at: call.at,
            severity: 'warning' as const,
            message: `${call.name} comes to ${host} as the superuser postgres`,
          },
        ]
      : []),
  ];
}

/** Or what may hold one: another file that is read, variables of the unit or the workflow. */
function hasPassword({ documents }: Context, { shell, command }: Call): boolean {
  const { content } = shell.document.text;
  const given = /PGPASSWORD|PGPASSFILE|PGSERVICE|PGSSLKEY|PASSWORD|\bsource\s|^\s*\.\s+\S/m;
  return (
    given.test(content) ||
    command.words.some(word => /:\/\/|service=|passfile=|sslkey=|DATABASE_URL|_DSN|_URL/.test(word.raw)) ||
    (shell.host !== shell.document &&
      shell.host.kind !== 'markdown' &&
      given.test(shell.host.text.content)) ||
    documents.some(
      each =>
        each.kind === 'systemd' &&
        /PGPASSWORD|EnvironmentFile/.test(each.text.content) &&
        each.text.content.includes(shell.document.name.split('/').at(-1) ?? '\0'),
    )
  );
}
