import type { AnyDocument } from './document.ts';
import { type AnyFact, type Component, stated } from './fact.ts';
import { isOpen, type WindowsCall, type WindowsDocument, type WindowsWord } from './windows-commands.ts';
import { type NssmService, nssmServices, settingNamed } from './windows-services.ts';
import { tasksOf, type WindowsTask } from './windows-tasks.ts';

/** What NSSM and Task Scheduler run, at the script that installs it. */
export function windowsComponents(
  document: WindowsDocument,
  set: readonly AnyDocument[],
): readonly Component[] {
  return [
    ...nssmServices(set)
      .filter(({ install }) => install.text === document.text)
      .map(serviceOf),
    ...tasksOf(document)
      .filter(task => task.atStart && !isOpen(task.name))
      .map(taskOf),
  ];
}

const place = ({ text }: WindowsCall, word: WindowsWord | undefined, fallback: number) =>
  text.place(word?.start ?? fallback);

const component = (name: string, call: WindowsCall, facts: readonly AnyFact[]): Component => ({
  platform: 'windows',
  form: 'process',
  name,
  aliases: [],
  at: call.text.place(call.command.start),
  scope: 'host',
  facts,
  longRunning: true,
});

/** What NSSM waits for after each way to ask, by default. https://nssm.cc/usage#shutdown */
const STOP_METHODS = { AppStopMethodConsole: 1_500, AppStopMethodWindow: 1_500, AppStopMethodThreads: 1_500 };

function serviceOf(service: NssmService): Component {
  const { install, program } = service;
  const one = (key: string) => {
    const setting = settingNamed(service, key);
    const [word] = setting?.values ?? [];
    return setting && word && !isOpen(word.value)
      ? { value: word.value, at: place(setting.call, word, 0) }
      : undefined;
  };
  const user = one('ObjectName');
  const exit = settingNamed(service, 'AppExit');
  const action = exit?.values.at(-1);
  return component(service.name, install, [
    ...commandFacts(program, service.arguments, install),
    ...environmentFacts(service),
    ...(user ? stated('user', { name: user.value }, user.at) : []),
    ...(exit && action
      ? stated('restart', /^restart$/i.test(action.value) ? 'always' : 'no', place(exit.call, action, 0))
      : []),
    ...stopFacts(service),
  ]);
}

function commandFacts(
  program: WindowsWord | undefined,
  rest: readonly WindowsWord[],
  call: WindowsCall,
): AnyFact[] {
  const words = [program?.value ?? '', ...rest.map(word => word.value)];
  if (!program || words.some(isOpen)) return [];
  return stated('command', { words, shell: false }, place(call, program, 0));
}

function environmentFacts(service: NssmService): AnyFact[] {
  const { helper } = service;
  const found = ['AppEnvironment', 'AppEnvironmentExtra'].flatMap(key => settingNamed(service, key) ?? []);
  const unseen = found.flatMap(({ values, call }) =>
    values
      .filter(each => isOpen(each.value) && !/^\+?\w{1,80}=/.test(each.value))
      .map(word => place(call, word, 0)),
  );
  const given = found.flatMap(({ values, call }) =>
    values.flatMap(word => {
      const [, name, value = ''] = /^\+?([A-Za-z_]\w{0,80})=(.*)$/s.exec(word.value) ?? [];
      if (!name) return [];
      return stated(
        'env',
        { name, ...(isOpen(value) || value.includes('%') ? {} : { value }) },
        place(call, word, 0),
      );
    }),
  );
  return [
    ...given,
    ...unseen.flatMap(at => stated('env.unseen', { from: 'a variable of the script' }, at)),
    ...(service.machine
      ? stated(
          'env.unseen',
          { from: 'the machine' },
          service.install.text.place(service.install.command.start),
        )
      : []),
    ...(helper
      ? stated('env.unseen', { from: 'another script' }, helper.text.place(helper.command.start))
      : []),
  ];
}

/** One method after the other: all of them together. */
function stopFacts(service: NssmService): AnyFact[] {
  if (settingNamed(service, 'AppStopMethodSkip')) return [];
  const times = Object.entries(STOP_METHODS).map(([key, usual]) => {
    const setting = settingNamed(service, key);
    return { setting, value: setting ? Number(setting.values[0]?.value) : usual };
  });
  const sum = times.reduce((all, { value }) => all + value, 0);
  if (Number.isNaN(sum)) return [];
  const written = times.flatMap(({ setting }) => setting ?? []);
  const [first] = written;
  const at = first
    ? place(first.call, first.values[0], 0)
    : service.install.text.place(service.install.command.start);
  if (!first)
    return [
      {
        kind: 'stop.budget',
        value: sum,
        at,
        origin: 'default',
        note: 'NSSM, three ways to ask of 1500 ms each',
      },
    ];
  return stated('stop.budget', sum, at);
}

function taskOf(task: WindowsTask): Component {
  const { register, execute, argument, account } = task;
  const at = register.text.place(register.command.start);
  const words = [execute ?? '', ...(argument ? argument.split(/\s+/) : [])];
  return component(task.name, register, [
    ...(execute && !words.some(isOpen) ? stated('command', { words, shell: false }, at) : []),
    // A task has none of its own: it gets those of the machine and of its account.
    ...stated('env.unseen', { from: 'the machine' }, at),
    ...(account && !isOpen(account) ? stated('user', { name: account }, at) : []),
    ...(task.limit === undefined && !task.open
      ? ([
          {
            kind: 'run.limit',
            value: 72 * 3_600_000,
            at,
            origin: 'default',
            note: 'Task Scheduler, default 72 h',
          },
        ] as const)
      : []),
  ]);
}
