import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { EVERYBODY, type Grant, grantsIn, holderOf } from '../../host/owners.ts';
import { type HostUnit, hostUnits, settingOf } from '../../host/units.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const serviceOwnsBinary: Rule = {
  id: 'cross/service-owns-binary',
  severity: 'warning',
  title: 'a service that may change its own program, unit or settings',
  why: 'Whoever breaks into the service replaces its program or its settings, and stays: the next start runs what was put there.',
  fix: 'Leave programs, units and env files to root, and give the service only the folders that it writes to.',
  fixable: 'no',
  example: {
    bad: 'chown -R chat:chat /opt/chat   # ExecStart=/opt/chat/bin/chat',
    good: 'chown -R chat:chat /opt/chat/data',
  },
  check: context => {
    const scripts = grantsIn(context);
    return scripts.length === 0
      ? []
      : hostUnits(context).flatMap(unit => scripts.flatMap(grants => findingsOf(unit, grants)));
  },
};

/** One finding for each command, with everything that it gives away. */
function findingsOf(unit: HostUnit, grants: readonly Grant[]): Finding[] {
  const user = settingOf(unit, 'Service', 'User')?.value;
  if (user === undefined || user === 'root') return [];
  const given = new Map<Grant, Protected[]>();
  for (const file of protectedFiles(unit)) {
    const grant = holderOf(grants, file.path);
    if (grant && (grant.to === user || grant.to === EVERYBODY))
      given.set(grant, [...(given.get(grant) ?? []), file]);
  }
  return [...given].map(([grant, files]) => ({
    at: grant.at,
    message: `${unit.member.name} runs as ${user}, and ${grant.to === EVERYBODY ? 'everybody' : 'that account'} may write to ${listed(files.map(({ path }) => path))}`,
    related: files.map(({ title, at }) => ({ ...at, message: title })),
  }));
}

interface Protected {
  readonly path: string;
  readonly title: string;
  readonly at: Finding['at'];
}

function protectedFiles({ member }: HostUnit): readonly Protected[] {
  const command = factOf(member, 'command');
  const program = command?.value.words[0];
  return [
    ...(command && program?.startsWith('/') ? [{ path: program, title: 'its program', at: command.at }] : []),
    ...factsOf(member, 'env.file').map(({ value, at }) => ({ path: value.path, title: 'its settings', at })),
    { path: `/etc/systemd/system/${member.name}`, title: 'its unit', at: member.at },
  ];
}
