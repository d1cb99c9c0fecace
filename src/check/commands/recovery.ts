import type { AnyDocument } from '../../artifacts/document.ts';
import { factOf, factsOf } from '../../artifacts/fact.ts';
import { shortName } from '../../artifacts/image.ts';
import { expanded } from '../../artifacts/shell/expand.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context, Member } from '../context.ts';
import { type Call, operandsOf, shellsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';

const KEEPS_ROWS =
  /^(?:postgres|postgresql|postgis|timescaledb(?:-ha)?|pgvector|mysql|mariadb|mongo|mongodb)$/;

/** Databases that this deployment runs itself and keeps the data of. */
export function ownDatabases({ members }: Context): readonly Member[] {
  return members.filter(member => {
    const image = factOf(member, 'image')?.value;
    return (
      member.form === 'container' &&
      member.production &&
      image !== undefined &&
      KEEPS_ROWS.test(shortName(image)) &&
      isOperated(member) &&
      factsOf(member, 'volume').some(({ value }) => value.kind !== 'scratch' && value.kind !== 'config')
    );
  });
}

/** What a compose file starts and nobody restarts is on somebody's desk. */
const isOperated = (member: Member): boolean =>
  member.platform === 'kubernetes' ||
  member.environment === 'production' ||
  factsOf(member, 'restart').some(({ value, origin }) => origin !== 'default' && value !== 'no');

/** A database as a program of PostgreSQL is told to reach it; what is not written is unknown. */
export interface Target {
  readonly call: Call;
  readonly host: string | undefined;
  readonly database: string | undefined;
}

const VALUED =
  '-h -p -U -f -F -d -n -t -T -j -Z -E -v -c --host --port --username --file --format --dbname --schema --table --jobs --compress'.split(
    ' ',
  );

/** Programs of PostgreSQL that run here, and not inside a container. */
export function targetOf(call: Call): Target | undefined {
  if (!/^(?:pg_dump|pg_restore|psql|pg_basebackup)$/.test(call.name)) return undefined;
  const values = valuesOf(call.shell.document);
  const known = (raw: string | undefined) => {
    const text = raw === undefined ? undefined : expanded(raw, values);
    return text === undefined || /[*<>{}:]|^$/.test(text) ? undefined : text;
  };
  const host =
    optionValues(call.command, '-h', '--host')[0]?.raw ?? (values.has('PGHOST') ? '"$PGHOST"' : undefined);
  const named =
    optionValues(call.command, '-d', '--dbname')[0] ??
    (call.name === 'pg_restore' ? undefined : operandsOf(call.command, ...VALUED)[0]);
  return { call, host: known(host), database: known(named?.raw) };
}

export interface Used {
  readonly host: string;
  readonly database: string;
  readonly at: Place;
  readonly member: Member;
}

const URL_OF = /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:[^@/]{0,300}@)?([\w.-]{1,250})(?::\d+)?\/([\w-]{1,63})/;

/** Databases that services are given the URL of. */
export const usedDatabases = ({ members }: Context): readonly Used[] =>
  members.flatMap(member =>
    member.form === 'image' || !member.production
      ? []
      : factsOf(member, 'env').flatMap(({ value, at }): Used[] => {
          const [, host, database] = URL_OF.exec(value.value ?? '') ?? [];
          return host && database ? [{ host: host.toLowerCase(), database, at, member }] : [];
        }),
  );

const ROLLBACK = /roll[-_ ]?back|revert/i;

/** Everything that is said and done about going back: scripts of that name, sections of guides. */
export function rollbackParts(
  context: Context,
): readonly { readonly calls: readonly Call[]; readonly text: string; readonly document: AnyDocument }[] {
  return shellsOf(context).flatMap(({ calls, document, host }) => {
    const block = host.kind === 'markdown' ? host.body.find(each => each.text === document.text) : undefined;
    if (host.kind === 'markdown' && block) {
      if (!block.headings.some(title => ROLLBACK.test(title))) return [];
      return [{ calls, text: sectionOf(host.text.content, block.start), document }];
    }
    const name = host.kind === 'workflow' ? host.name : document.name;
    return ROLLBACK.test(name.split('/').at(-1) ?? '')
      ? [{ calls, text: document.text.content, document }]
      : [];
  });
}

/** The section of a guide that a block stands in: its prose says what no command does. */
function sectionOf(content: string, offset: number): string {
  // A comment of a script is no heading.
  const prose = content.replace(/^(```|~~~)[\s\S]*?^\1/gm, block => block.replaceAll('#', ' '));
  const start = prose.lastIndexOf('\n#', offset);
  const level = /^\n(#+)/.exec(prose.slice(Math.max(start, 0)))?.[1]?.length ?? 1;
  const end = prose.slice(offset).search(new RegExp(`\\n#{1,${Math.min(level, 6)}} `));
  return content.slice(Math.max(start, 0), end === -1 ? undefined : offset + end);
}

/** The text around a call: its script, or the section of the guide. */
export function surroundings({ shell: { document, host } }: Call): string {
  const block = host.kind === 'markdown' ? host.body.find(each => each.text === document.text) : undefined;
  return host.kind === 'markdown' && block
    ? sectionOf(host.text.content, block.start)
    : document.text.content;
}

const MIGRATES =
  /\b(?:alembic\s+upgrade|prisma\s+migrate\s+deploy|manage\.py\s+migrate|knex\s+migrate:latest|sequelize\s+db:migrate|flyway\s+migrate|goose\s+\S*\s*up|migrate\s+\S*\s*up|typeorm\s+migration:run)\b/;

/** Where it says that the service changes the schema when it starts. */
export function migrationAt(context: Context): { readonly at: Place; readonly how: string } | undefined {
  for (const member of context.members) {
    const env = factsOf(member, 'env').find(
      ({ value }) =>
        /^(?:\w+_)?(?:AUTO_?MIGRATE\w*|RUN_MIGRATIONS?|MIGRATE_ON_START\w*)$/.test(value.name) &&
        /^(?:1|true|yes|on)$/i.test(value.value ?? ''),
    );
    if (env) return { at: env.at, how: `${env.value.name}=${env.value.value}` };
    const command = factsOf(member, 'command').find(({ value }) => MIGRATES.test(value.words.join(' ')));
    if (command)
      return { at: command.at, how: MIGRATES.exec(command.value.words.join(' '))?.[0] ?? 'migrations' };
  }
  return undefined;
}
