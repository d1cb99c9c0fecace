import type { AnyDocument } from './document.ts';
import { callsOf, isOpen, type WindowsCall, type WindowsWord, windowsDocuments } from './windows-commands.ts';

interface NssmSetting {
  readonly key: string;
  readonly values: readonly WindowsWord[];
  readonly call: WindowsCall;
}

/** A service that NSSM runs, as all scripts of the set together make it. */
export interface NssmService {
  readonly name: string;
  readonly install: WindowsCall;
  readonly program: WindowsWord | undefined;
  readonly arguments: readonly WindowsWord[];
  readonly settings: readonly NssmSetting[];
  /** Another script that is called for it, and may set anything. */
  readonly helper: WindowsCall | undefined;
  /** Variables of the machine are set, which it gets, too. */
  readonly machine: boolean;
  /** Some of it is written in a way that is not read here. */
  readonly open: boolean;
}

const KNOWN = new WeakMap<readonly AnyDocument[], readonly NssmService[]>();

/** https://nssm.cc/usage */
export function nssmServices(set: readonly AnyDocument[]): readonly NssmService[] {
  const known = KNOWN.get(set);
  if (known) return known;
  const calls = windowsDocuments(set).flatMap(callsOf);
  const settings = new Map<string, NssmSetting[]>();
  for (const call of calls) {
    const found = settingOf(call);
    if (found) settings.set(found.name, [...(settings.get(found.name) ?? []), found]);
  }
  const installs = new Map(calls.filter(isInstall).map(call => [nameAt(call, 2), call]));
  // Settings may stand in a loop or a table.
  const open = calls.some(
    call => isNssm(call) && /^(?:set|edit)$/.test(nameAt(call, 1)) && /^[%$@]/.test(nameAt(call, 2)),
  );
  const machine = calls.some(({ command }) => SETS_MACHINE.test(command.text));
  const services = [...installs].map(([key, install]): NssmService => {
    const [, , name, program, ...rest] = install.words;
    return {
      name: name?.value ?? '',
      install,
      program,
      arguments: rest,
      settings: settings.get(key) ?? [],
      helper: calls.find(
        call => call.words.some(isScript) && call.words.some(word => word.value.toLowerCase() === key),
      ),
      machine,
      open: open && !isOpen(key),
    };
  });
  KNOWN.set(set, services);
  return services;
}

const SETS_MACHINE =
  /SetEnvironmentVariable\(.{0,500}Machine|\bsetx\b.{0,500}\/m\b|Session Manager\\Environment/i;

const isScript = ({ value }: WindowsWord): boolean => /\.(?:ps1|cmd|bat)$/i.test(value);

const nameAt = (call: WindowsCall, index: number): string => (call.words[index]?.value ?? '').toLowerCase();

const isNssm = ({ words }: WindowsCall): boolean =>
  /(?:^|[\\/])nssm(?:\.exe)?$|^[$%]\{?nssm(?:exe|path)?\}?%?$/i.test(words[0]?.value ?? '');

const isInstall = (call: WindowsCall): boolean =>
  isNssm(call) && nameAt(call, 1) === 'install' && call.words.length > 3;

/** `nssm set`, and `sc config` for what a service has beside it. */
export function settingOf(call: WindowsCall): (NssmSetting & { readonly name: string }) | undefined {
  const { words } = call;
  if (isNssm(call) && nameAt(call, 1) === 'set')
    return { name: nameAt(call, 2), key: words[3]?.value ?? '', values: words.slice(4), call };
  if (!/^sc(?:\.exe)?$/.test(nameAt(call, 0)) || nameAt(call, 1) !== 'config') return undefined;
  const key = nameAt(call, 3) === 'obj=' ? 'ObjectName' : nameAt(call, 3) === 'start=' ? 'Start' : '';
  return { name: nameAt(call, 2), key, values: words.slice(4), call };
}

export const settingNamed = (service: NssmService, key: string): NssmSetting | undefined =>
  service.settings.findLast(each => each.key.toLowerCase() === key.toLowerCase());
