import { callsOf, isOpen, type WindowsCall, windowsDocuments } from '../../../artifacts/windows-commands.ts';
import { type NssmService, nssmServices, settingNamed } from '../../../artifacts/windows-services.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const serviceDefaults: Rule = {
  id: 'windows/service-defaults',
  severity: ['error', 'warning'],
  title: 'a Windows service that is left to its defaults',
  why: 'By default it runs as LocalSystem, which may do everything on the machine, starts in whatever order, writes one log for ever and is started again at once, however often it falls over. A path with blanks outside of quotes names another program.',
  fix: 'Set ObjectName, AppDirectory, AppExit Default Restart, AppRestartDelay, AppRotateFiles with AppRotateBytes, and Start; put quotes around paths.',
  fixable: 'no',
  example: {
    bad: 'nssm install api "C:\\Program Files\\Api\\api.exe"',
    good: 'nssm install api "C:\\Program Files\\Api\\api.exe"\nnssm set api ObjectName "NT SERVICE\\api"\nnssm set api AppDirectory "C:\\Program Files\\Api"',
  },
  check: context => [
    ...nssmServices(context.documents).flatMap(lacking),
    ...windowsDocuments(context.documents).flatMap(callsOf).flatMap(unquoted),
    ...split(context),
  ],
};

const WANTED: readonly (readonly [key: string, what: string])[] = [
  ['ObjectName', 'account'],
  ['AppDirectory', 'directory'],
  ['AppExit', 'exit action'],
  ['AppRestartDelay', 'delay before a restart'],
  ['AppRotateFiles', 'rotation of its logs'],
  ['Start', 'start type'],
];

function lacking(service: NssmService): Finding[] {
  if (service.open) return [];
  const logs = settingNamed(service, 'AppStdout') ?? settingNamed(service, 'AppStderr');
  const missing = WANTED.filter(
    ([key]) => !settingNamed(service, key) && (key !== 'AppRotateFiles' || logs !== undefined),
  ).map(([, what]) => what);
  if (missing.length === 0) return [];
  const { install, name } = service;
  return [
    {
      at: install.text.place(install.command.start),
      severity: 'warning',
      message: `${isOpen(name) ? 'the service' : name} is left to NSSM's defaults: no ${listed(missing)}`,
    },
  ];
}

/** `nssm install api C:\Program Files\Api\api.exe`: the blank ends the program's name. */
const split = ({ documents }: Context): Finding[] =>
  nssmServices(documents).flatMap(({ install, program, arguments: rest, name }): Finding[] => {
    const whole = [program, ...rest].map(word => word?.value ?? '').join(' ');
    if (!program || /\.\w{2,4}$/.test(program.value) || !/^[A-Za-z]:\\/.test(program.value)) return [];
    const path = /^[^"']{1,200}?\.exe\b/i.exec(whole)?.[0];
    if (!path?.includes(' ')) return [];
    const message = `${name} is given ${program.value} as its program: the path ${path} stands in no quotes`;
    return [{ at: install.text.place(program.start), message }];
  });

/** What the service manager itself keeps has quotes inside of it. */
function unquoted({ words, text, command }: WindowsCall): Finding[] {
  const all = words.map(word => word.value);
  const created = /^sc(?:\.exe)?$/i.test(all[0] ?? '') && /^(?:create|config)$/i.test(all[1] ?? '');
  const option = created
    ? /^binPath=$/i
    : /^New-Service$/i.test(all[0] ?? '')
      ? /^-BinaryPathName$/i
      : undefined;
  const index = option ? all.findIndex(word => option.test(word)) : -1;
  const path = /^[A-Za-z]:\\[^"]{0,200}?\.exe/i.exec(all[index + 1] ?? '')?.[0];
  if (index === -1 || !path?.includes(' ')) return [];
  return [
    {
      at: text.place(words[index + 1]?.start ?? command.start),
      message: `the service manager keeps ${path} without quotes, and tries ${path.split(' ')[0]}.exe first`,
    },
  ];
}
