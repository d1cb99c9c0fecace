import { factOf, factsOf } from '../../artifacts/fact.ts';
import { isYes } from '../../artifacts/systemd/unit.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { membersOf } from '../knowledge.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';
import { appended, type HostUnit, settingOf, settingsOf } from './units.ts';

/** What closes each way out, and the line that is added where none of them stands. https://www.freedesktop.org/software/systemd/man/systemd.exec.html#Sandboxing */
const LIMITS: readonly (readonly [closing: readonly string[], line: string])[] = [
  [['NoNewPrivileges'], 'NoNewPrivileges=yes'],
  [['ProtectSystem', 'RootDirectory', 'RootImage'], 'ProtectSystem=full'],
  [['ProtectHome', 'RootDirectory', 'RootImage', 'InaccessiblePaths'], 'ProtectHome=yes'],
  [['PrivateTmp'], 'PrivateTmp=yes'],
  [['PrivateDevices', 'DevicePolicy', 'DeviceAllow'], 'PrivateDevices=yes'],
  [['ProtectKernelTunables', 'ProtectKernelModules', 'ProtectKernelLogs'], 'ProtectKernelTunables=yes'],
  [['RestrictNamespaces'], 'RestrictNamespaces=yes'],
  [['SystemCallFilter'], 'SystemCallFilter=@system-service'],
  [['CapabilityBoundingSet'], 'CapabilityBoundingSet='],
];

/** systemd.exec(5): what DynamicUser=yes brings with it. */
const DYNAMIC = new Set(['NoNewPrivileges', 'ProtectSystem', 'ProtectHome', 'PrivateTmp']);

export function findingsOf(context: Context, unit: HostUnit): Finding[] {
  const user = factOf(unit.member, 'user')?.value.name;
  const asRoot = user === undefined || /^(?:root|0)$/.test(user);
  const dynamic = isYes(settingOf(unit, 'Service', 'DynamicUser')?.value);
  const missing = LIMITS.filter(([names, line]) => {
    if (dynamic && names.some(name => DYNAMIC.has(name))) return false;
    if (names.includes('PrivateDevices') && usesDevices(context, unit)) return false;
    // Without root and without a way to gain privileges there is no capability left to bound.
    if (line.startsWith('Capability') && !asRoot && isSet(unit, 'NoNewPrivileges')) return false;
    return !names.some(name => isSet(unit, name));
  });
  if (!asRoot && missing.length === 0) return [];
  const lacks = missing.map(([, line]) => line.split('=')[0] ?? '');
  const parts = [
    ...(asRoot ? ['runs as root'] : []),
    ...(lacks.length > 0 ? [`lacks ${listed(lacks)}`] : []),
  ];
  // A root service may need any capability, so its set is not emptied for it.
  const lines = missing.map(([, line]) => line).filter(line => !(asRoot && line.startsWith('Capability')));
  return [
    {
      at: placeOf(unit, asRoot, missing) ?? unit.member.at,
      message: `${unit.member.name} ${parts.join(' and ')}`,
      ...(lines.length > 0 ? { edits: appended(unit, 'Service', lines) } : {}),
    },
  ];
}

/** Where all that is missing is taken back in so many words, the first of them. */
function placeOf(unit: HostUnit, asRoot: boolean, missing: typeof LIMITS): Place | undefined {
  const said = missing.map(([names]) => names.flatMap(name => settingOf(unit, 'Service', name)?.at ?? [])[0]);
  return asRoot || said.includes(undefined) ? undefined : said[0];
}

/** An empty bounding set is a limit too; a `no` is none. */
function isSet(unit: HostUnit, name: string): boolean {
  if (name === 'CapabilityBoundingSet')
    return unit.layers.some(({ body }) =>
      body.sections.some(each => each.entries.some(({ key }) => key === name)),
    );
  return settingsOf(unit, 'Service', name).some(({ value }) => !/^(?:0|no|n|false|f|off)$/i.test(value));
}

/** A model server works on a graphics card, which PrivateDevices hides. */
const usesDevices = (context: Context, { member }: HostUnit): boolean =>
  /ollama|vllm|llama|triton|tgi/i.test(
    `${member.name} ${factOf(member, 'command')?.value.words.join(' ')}`,
  ) ||
  membersOf(context, member).some(each =>
    factsOf(each, 'env').some(({ value }) => /^(?:CUDA|NVIDIA|ROCR|HIP)_/.test(value.name)),
  );
