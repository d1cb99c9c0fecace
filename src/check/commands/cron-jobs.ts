import type { CronEntry } from '../../artifacts/crontab/crontab.ts';
import type { Document } from '../../artifacts/document.ts';
import { maySame } from '../../artifacts/shell/expand.ts';
import type { Context } from '../context.ts';

/** What makes a job of cron fail unseen, in words that go on after "the job". */
export function faultsOfRun(
  context: Context,
  { body }: Document<'crontab'>,
  entry: CronEntry,
): readonly string[] {
  const { command, user } = entry;
  const lost = discarded(command);
  const grows = growing(context, command);
  const program =
    body.variables.some(each => each.name === 'PATH') || /\bPATH=/.test(command)
      ? undefined
      : beyondPath(command);
  return [
    ...(isOften(entry) && !isLocked(context, command)
      ? ['holds no lock, so that a slow run meets the next']
      : []),
    ...(lost ? [`discards what it says (${lost})`] : []),
    ...(grows ? [`writes to ${grows}, which nothing rotates`] : []),
    ...(program ? [`calls ${program}, which is not in cron's PATH (/usr/bin:/bin)`] : []),
    ...(user === 'root' && /^(?:pg_dump|curl|wget)\b/.test(command)
      ? ['runs as root, and needs nothing of it']
      : []),
  ];
}

/** Several times a day. */
const isOften = ({ schedule: [minute = '', hour = ''] }: CronEntry): boolean =>
  minute === '@hourly' ||
  (!minute.startsWith('@') && /[*,/-]/.test(hour) && hour !== '') ||
  /^\*(?:\/\d+)?$/.test(minute);

function isLocked({ of }: Context, command: string): boolean {
  if (/\b(?:flock|lockfile|setlock|run-one|chronic-lock)\b/.test(command)) return true;
  // A short question is over before the next.
  if (/^(?:curl|wget|test|echo|\[|find|logger|systemctl|certbot)\b/.test(command)) return true;
  const name = /([\w.-]+\.(?:sh|py|bash))\b/.exec(command)?.[1];
  const own = name ? of('shell').filter(each => each.name.split('/').at(-1) === name) : [];
  // What is not here may hold one.
  return (
    own.length === 0 ||
    own.some(({ text }) => /\b(?:flock|lockfile|mkdir\s+\S*lock)\b|\.lock\b|\.pid\b/.test(text.content))
  );
}

const discarded = (command: string): string | undefined =>
  /\|\|/.test(command)
    ? undefined
    : /(?:&>\s?\/dev\/null|>\s?\/dev\/null\s+2>(?:&1|\s?\/dev\/null)|2>\s?\/dev\/null\s+>\s?\/dev\/null)/.exec(
        command,
      )?.[0];

function growing({ of, closed, texts }: Context, command: string): string | undefined {
  const file = />>\s*"?(\/[\w./-]+)"?/.exec(command)?.[1];
  const guide = [...texts.keys()].every(each => /\.md$/.test(each));
  if (!file || (!closed && !guide)) return undefined;
  const rotated = of('logrotate').some(({ body }) =>
    body.some(({ paths }) => paths.some(path => maySame(path, file))),
  );
  return rotated ? undefined : file;
}

const BEYOND =
  /^(?:nginx|logrotate|iptables|service|ufw|useradd|sysctl|aws|kubectl|helm|node|npm|pm2|uv|poetry|az|terraform|go)$/;

const beyondPath = (command: string): string | undefined => {
  const [first = '', ...rest] = command.split(/\s+/);
  const name = /^(?:sudo|nice|timeout|flock)$/.test(first) ? rest.find(word => !/^[-\d/]/.test(word)) : first;
  return name && BEYOND.test(name) ? name : undefined;
};
