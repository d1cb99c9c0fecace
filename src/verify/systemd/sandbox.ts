import type { Machine } from '../../platforms/machine.ts';
import { showUnit } from '../../platforms/systemd/show.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';

/** Settings whose value systemd shows as it is written; lists and sizes are shown in a form of their own. */
const SETTINGS = [
  'DevicePolicy',
  'KeyringMode',
  'LockPersonality',
  'MemoryDenyWriteExecute',
  'NoNewPrivileges',
  'PrivateDevices',
  'PrivateIPC',
  'PrivateMounts',
  'PrivateTmp',
  'PrivateUsers',
  'ProcSubset',
  'ProtectClock',
  'ProtectControlGroups',
  'ProtectHome',
  'ProtectHostname',
  'ProtectKernelLogs',
  'ProtectKernelModules',
  'ProtectKernelTunables',
  'ProtectProc',
  'ProtectSystem',
  'RemoveIPC',
  'RestrictRealtime',
  'RestrictSUIDSGID',
  'UMask',
  'User',
];

export interface Sandbox {
  readonly machine: Machine;
  readonly unit: string;
  /** What the rendered unit says, by setting. */
  readonly wanted: Readonly<Record<string, string>>;
}

export async function lookAtSandbox(
  { machine, unit, wanted }: Sandbox,
  signal: AbortSignal,
): Promise<Observation> {
  const names = Object.keys(wanted);
  const { value, obstacle } = await showUnit(machine, unit, names, { signal });
  if (obstacle) return blocked(obstacle, `${unit} to be looked at`);
  const known = names.filter(name => value[name] !== undefined);
  const wrong = known.filter(name => value[name] !== wanted[name]);
  if (wrong.length > 0)
    return fail({
      observed: wrong.map(name => `${name}=${value[name]}`).join(', '),
      expected: wrong.map(name => `${name}=${wanted[name]}`).join(', '),
      next: `systemctl cat ${unit} shows which file says so`,
    });
  return pass(`${known.length} settings of ${unit} are as rendered`);
}

/** Of the settings that can be compared, what a unit says. */
export function settingsIn(unit: string): Record<string, string> {
  const lines = unit.split('\n').map(line => /^(\w+)=(\S+)$/.exec(line.trim()));
  return Object.fromEntries(
    lines.flatMap(match =>
      match?.[1] && match[2] && SETTINGS.includes(match[1]) ? [[match[1], match[2]]] : [],
    ),
  );
}
