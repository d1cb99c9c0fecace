import {
  callsOf,
  isOpen,
  parameter,
  plainText,
  type WindowsCall,
  type WindowsDocument,
  type WindowsWord,
} from './windows-commands.ts';

/** A scheduled task, as one script registers it. */
export interface WindowsTask {
  readonly name: string;
  readonly register: WindowsCall;
  readonly execute: string | undefined;
  readonly argument: string | undefined;
  readonly account: string | undefined;
  /** It is started with the machine or at a logon and not by the clock. */
  readonly atStart: boolean;
  /** What is written of each; undefined where nothing is, and then Windows' default holds. */
  readonly limit: string | undefined;
  readonly restart: string | undefined;
  readonly principal: string | undefined;
  /** The command that makes its settings, where they are made by one. */
  readonly settings: WindowsCall | undefined;
  /** Some of it is written in a way that is not read here. */
  readonly open: boolean;
}

export function tasksOf(document: WindowsDocument): readonly WindowsTask[] {
  const calls = callsOf(document);
  const assigned = new Map<string, WindowsCall>();
  for (const call of calls) {
    const [name, equals, ...words] = call.words;
    if (name?.value.startsWith('$') && equals?.value === '=')
      assigned.set(name.value.toLowerCase(), { ...call, words });
  }
  return calls.flatMap(call => registered(call, assigned, document) ?? created(call) ?? []);
}

const nameOf = (call: WindowsCall | undefined): string =>
  (call?.words[0]?.value ?? '').replace(/^\(/, '').toLowerCase();

/** https://learn.microsoft.com/powershell/module/scheduledtasks/register-scheduledtask */
function registered(
  call: WindowsCall,
  assigned: ReadonlyMap<string, WindowsCall>,
  { text }: WindowsDocument,
): WindowsTask | undefined {
  if (nameOf(call) !== 'register-scheduledtask') return undefined;
  const parts = [call, follow(parameter(call, 'InputObject'), assigned)].flatMap(each => each ?? []);
  const words = (name: string) => parts.map(part => parameter(part, name)).find(each => each !== undefined);
  const written = (name: string) => plainText(words(name));
  const made = (name: string) => follow(words(name), assigned);
  const of = (part: WindowsCall | undefined, name: string) => part && plainText(parameter(part, name));
  const [action, settings] = [made('Action'), made('Settings')];
  const trigger = plainText(made('Trigger')?.words) ?? '';
  const user = written('User');
  // Settings may also be given one by one afterwards.
  const mentions = (name: string) => (text.content.includes(name) ? 'written elsewhere' : undefined);
  return {
    name: written('TaskName') ?? '',
    register: call,
    execute: of(action, 'Execute'),
    argument: of(action, 'Argument'),
    account: user ?? of(made('Principal'), 'UserId'),
    atStart:
      /-At(?:Startup|LogOn)\b/i.test(trigger) &&
      !/-(?:Daily|Weekly|Once|RepetitionInterval)\b/i.test(trigger),
    limit: of(settings, 'ExecutionTimeLimit') ?? mentions('ExecutionTimeLimit'),
    restart: of(settings, 'RestartCount') ?? mentions('RestartCount'),
    principal: user ?? written('Principal'),
    settings,
    open:
      call.words.some(({ value }) => /^@\w|^-xml$/i.test(value)) ||
      !action ||
      (settings?.words.some(({ value }) => /^@\w/.test(value)) ?? false),
  };
}

/** `$action`, or `(New-ScheduledTaskAction …)` in its place. */
function follow(
  words: readonly WindowsWord[] | undefined,
  assigned: ReadonlyMap<string, WindowsCall>,
): WindowsCall | undefined {
  const [first, ...rest] = words ?? [];
  const call = assigned.get(first?.value.toLowerCase() ?? '');
  const [any] = assigned.values();
  if (call || !any || !first?.value.startsWith('(')) return call;
  return { ...any, words: [{ ...first, value: first.value.slice(1) }, ...rest] };
}

/** https://learn.microsoft.com/windows-server/administration/windows-commands/schtasks-create */
function created(call: WindowsCall): WindowsTask | undefined {
  const words = call.words.map(word => word.value);
  if (!/^schtasks(?:\.exe)?$/.test(nameOf(call)) || words[1]?.toLowerCase() !== '/create') return undefined;
  const value = (name: string) =>
    words[words.findIndex(word => word.toLowerCase() === name) + 1 || words.length];
  const command = value('/tr') ?? '';
  const [, execute = command, argument] = /^\\?["']?([^"']+?\.exe)\\?["']?(?:\s+(.*))?$/i.exec(command) ?? [];
  return {
    name: value('/tn') ?? '',
    register: call,
    execute,
    argument,
    account: value('/ru'),
    atStart: /^(?:onstart|onlogon)$/i.test(value('/sc') ?? ''),
    limit: undefined,
    restart: undefined,
    principal: value('/ru'),
    settings: undefined,
    open: words.some(word => word.toLowerCase() === '/xml') || isOpen(command),
  };
}
