import type { Context } from '../../context.ts';
import { hostNeeds, type Need } from '../../host/needs.ts';
import { isPrepared, type Prepared, preparedBy } from '../../host/prepared.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Step, samePath } from '../../steps.ts';

export const hostNotPrepared: Rule = {
  id: 'cross/host-not-prepared',
  severity: 'error',
  title: 'a user, directory or file that a host does not have',
  why: 'The unit fails at its first start on a new host, with 217/USER, 203/EXEC or 200/CHDIR: what it needs stands on the old host, where somebody once made it by hand.',
  fix: 'Make it where the host is prepared: sysusers.d or useradd, tmpfiles.d or install -d, and a copy of the file.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'chat.service: User=chat\ninstall.sh: systemctl enable --now chat',
    good: 'chat.service: User=chat\ninstall.sh: useradd --system chat; systemctl enable --now chat',
  },
  check: context => {
    const needs = hostNeeds(context);
    const prepared = needs.length > 0 ? preparedBy(context) : undefined;
    const absent = needs.filter(need => !isCheckedOut(context, need));
    return prepared ? [...missing(prepared, absent), ...late(context, prepared, needs)] : [];
  },
};

const missing = (prepared: Prepared, needs: readonly Need[]): Finding[] =>
  prepared.known
    ? needs
        .filter(need => !isPrepared(prepared, need))
        .map(({ title, name, by, at }) => ({
          at,
          message: `${by} needs the ${title} ${name}, which nothing here ${title === 'user' || title === 'directory' ? 'makes' : 'puts there'}`,
        }))
    : [];

/** A program of cron that stands here too: the repository is where cron looks, as in /opt/chat and its backup.sh. */
const isCheckedOut = ({ texts }: Context, { title, name, by }: Need): boolean =>
  title === 'program' &&
  by === 'a line of cron' &&
  [...name.matchAll(/\//g)].some(({ index }) => texts.has(name.slice(index + 1)));

/** In one guide or script: the unit starts, and what it needs comes later. */
const late = (context: Context, { sequences }: Prepared, needs: readonly Need[]): Finding[] =>
  sequences.flatMap(({ steps }) =>
    steps.flatMap((step, i) => {
      if (step.what !== 'unit' || !starts(step)) return [];
      const unit = context.members.find(member => member.platform === 'systemd' && member.name === step.name);
      return needs
        .filter(need => unit !== undefined && need.by === unit.name)
        .flatMap((need): Finding[] => {
          const first = steps.findIndex(each => makes(each, need));
          const made = steps[first];
          return made && first > i
            ? [
                {
                  at: step.at,
                  message: `${step.name} is started before the ${need.title} ${need.name} is made`,
                  related: [
                    { ...made.at, message: `${need.name} is made here` },
                    { ...need.at, message: `${need.by} needs it` },
                  ],
                },
              ]
            : [];
        });
    }),
  );

const makes = (step: Step, need: Need): boolean =>
  step.does === 'makes' &&
  step.what === need.what &&
  (need.what === 'user' ? step.name === need.name : samePath(step.name, need.name));

const starts = ({ command }: Step): boolean => {
  const words = command?.words.map(word => word.raw) ?? [];
  return (
    words.includes('start') ||
    words.includes('restart') ||
    (words.includes('enable') && words.includes('--now'))
  );
};
