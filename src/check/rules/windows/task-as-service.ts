import { factOf, factsOf } from '../../../artifacts/fact.ts';
import type { Edit } from '../../../artifacts/text.ts';
import { windowsDocuments } from '../../../artifacts/windows-commands.ts';
import { tasksOf, type WindowsTask } from '../../../artifacts/windows-tasks.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const taskAsService: Rule = {
  id: 'windows/task-as-service',
  severity: ['error', 'warning'],
  title: 'a server that Task Scheduler runs as if it were a job',
  why: 'Task Scheduler ends what it started after 72 hours, starts nothing again that fell over, and without a principal runs it only while whoever registered it is logged on.',
  fix: 'Register it with -ExecutionTimeLimit ([TimeSpan]::Zero), a restart count and interval, and a principal such as LOCALSERVICE with logon type ServiceAccount; or make it a service.',
  fixable: 'safe',
  example: {
    bad: 'Register-ScheduledTask -TaskName api -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup)',
    good: '$settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1)',
  },
  check: context =>
    windowsDocuments(context.documents).flatMap(document =>
      tasksOf(document)
        .filter(isServer)
        .flatMap(task => findingsOf(context, task)),
    ),
};

/** Shells and tools run what ends by itself, or a script that may look after it. */
const isServer = ({ atStart, execute, open }: WindowsTask): boolean =>
  atStart &&
  !open &&
  execute !== undefined &&
  !/(?:^|[\\/])(?:powershell|pwsh|cmd|wscript|cscript|robocopy|curl|net|sc|schtasks|reg|msiexec|rundll32)(?:\.exe)?$/i.test(
    execute,
  );

function findingsOf(context: Context, task: WindowsTask): Finding[] {
  const { register, name, limit, restart, principal } = task;
  const at = register.text.place(register.command.start);
  const missing = [
    ...(principal === undefined ? ['a principal with its logon type'] : []),
    ...(restart === undefined ? ['a restart count'] : []),
    ...(needsVariables(context, task) ? ['its variables'] : []),
  ];
  return [
    ...(limit === undefined
      ? [
          {
            at,
            message: `${name} is a server that Task Scheduler ends after 72 hours`,
            edits: unlimited(task),
          },
        ]
      : []),
    ...(missing.length > 0
      ? [
          {
            at,
            severity: 'warning' as const,
            message: `${name} is a server as a task without ${listed(missing)}`,
          },
        ]
      : []),
  ];
}

/** A task has none of its own; another platform says that the program reads some, and this script sets none. */
function needsVariables({ members, services }: Context, { register, name }: WindowsTask): boolean {
  if (/SetEnvironmentVariable|\bsetx\b|Session Manager\\Environment/i.test(register.text.content))
    return false;
  const own = members.find(
    each => each.platform === 'windows' && each.name === name && factOf(each, 'run.limit'),
  );
  const all = own?.service === undefined ? [] : (services.get(own.service) ?? []);
  return all.some(each => each !== own && each.form !== 'image' && factsOf(each, 'env').length > 0);
}

const ZERO = '-ExecutionTimeLimit ([TimeSpan]::Zero)';

function unlimited({ register, settings }: WindowsTask): readonly Edit[] {
  const call = settings ?? register;
  const first = call.words[0];
  const command = settings ? 'New-ScheduledTaskSettingsSet' : 'Register-ScheduledTask';
  const start = first ? call.text.content.indexOf(command, first.start - command.length) : -1;
  if (start === -1 || start < call.command.start || start >= call.command.end) return [];
  const end = start + command.length;
  return [
    call.text.edit(end, end, settings ? ` ${ZERO}` : ` -Settings (New-ScheduledTaskSettingsSet ${ZERO})`),
  ];
}
