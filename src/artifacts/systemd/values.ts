import { systemdDuration } from '../quantities.ts';
import { isCalendar } from './calendar.ts';
import type { UnitWord } from './words.ts';

/** What a value of a directive has to be, in words for a message; undefined where this one is that. */
type Demand = (value: string, words: readonly UnitWord[]) => string | undefined;

const demand =
  (wanted: string, holds: (value: string) => boolean): Demand =>
  value =>
    holds(value) ? undefined : wanted;

const isBoolean = (value: string): boolean => /^(?:1|yes|y|true|t|on|0|no|n|false|f|off)$/i.test(value);

const boolean = demand('yes or no', isBoolean);
const oneOf = (words: string): Demand => demand(`one of ${words}`, value => words.split(' ').includes(value));
const booleanOr = (words: string): Demand =>
  demand(`yes, no or ${words}`, value => isBoolean(value) || words.split(' ').includes(value));
const time = demand('a time such as 30s', value => systemdDuration(value) !== undefined);
const mode = demand('an octal mode', value => /^[0-7]{1,5}$/.test(value));
const number = demand('a number', value => /^\d+$/.test(value));
/** systemd knows K, M, G, … in capitals, without i or B. */
const memory = demand(
  'a size such as 512M, a share such as 50% or infinity',
  value =>
    /^(?:infinity|\d+(?:\.\d+)?%)$/.test(value) ||
    value
      .replace(/ (?=[KMGTPE])/g, '')
      .split(' ')
      .every(part => /^\d+(?:\.\d+)?[KMGTPE]?$/.test(part)),
);
const LIMIT = '(?:infinity|\\d+(?:\\.\\d+)?(?:[KMGTPE]|[a-z]+)?)';
const limit = demand('a number or infinity, or two with a colon between', value =>
  new RegExp(`^${LIMIT}(?::${LIMIT})?$`).test(value),
);
const descriptors = demand('a number or infinity, or two with a colon between', value =>
  /^(?:infinity|\d+[KMGTPE]?)(?::(?:infinity|\d+[KMGTPE]?))?$/.test(value),
);
const share = demand('a share such as 150%', value => /^\d+(?:\.\d{1,2})?%$/.test(value));
const signal = demand('a signal', value =>
  /^(?:\d{1,2}|(?:SIG)?(?:HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS|RTM(?:IN|AX)(?:[+-]\d+)?))$/.test(
    value,
  ),
);
const path = demand('an absolute path', value => /^-?(?:[/~]|%)/.test(value));
const output = demand(
  'journal, null, file:/path, append:/path or another of systemd.exec(5)',
  value =>
    /^(?:inherit|null|tty|journal|kmsg|journal\+console|kmsg\+console|socket|syslog|syslog\+console|fd(?::\S+)?)$/.test(
      value,
    ) || /^(?:file|append|truncate):[/%]/.test(value),
);
const paths: Demand = (_, words) =>
  words.every(({ text }) => /^[-+]*[/%]/.test(text)) ? undefined : 'absolute paths';
const directories: Demand = (_, words) =>
  words.every(({ text }) => !text.startsWith('/') && !text.split(/[/:]/).includes('..'))
    ? undefined
    : 'names below its parent folder, not absolute paths';
const assignments: Demand = (_, words) => {
  const bad = words.find(({ text }) => !/^(?:[A-Za-z_]\w*|.*%.*)=/s.test(text));
  return bad ? `NAME=value in each word, which ${bad.text.slice(0, 20)} is not` : undefined;
};

const ACTION =
  'none reboot reboot-force reboot-immediate poweroff poweroff-force poweroff-immediate exit exit-force soft-reboot soft-reboot-force kexec kexec-force halt halt-force halt-immediate';

const each = (names: string, what: Demand): Record<string, Demand> =>
  Object.fromEntries(names.split(' ').map(name => [name, what]));

/** systemd.service(5), systemd.exec(5), systemd.kill(5), systemd.resource-control(5), systemd.unit(5) */
const DEMANDS: ReadonlyMap<string, Demand> = new Map(
  Object.entries({
    ...each(
      'DynamicUser GuessMainPID IgnoreSIGPIPE LockPersonality MemoryDenyWriteExecute NoNewPrivileges NonBlocking Persistent PrivateDevices PrivateIPC PrivateNetwork ProtectClock ProtectKernelLogs ProtectKernelModules ProtectKernelTunables RefuseManualStart RefuseManualStop RemainAfterElapse RemainAfterExit RemoveIPC RestrictRealtime RestrictSUIDSGID SendSIGHUP SendSIGKILL StopWhenUnneeded DefaultDependencies WakeSystem Accept',
      boolean,
    ),
    ...each(
      'RestartSec RestartMaxDelaySec RuntimeMaxSec TimeoutSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec WatchdogSec StartLimitInterval StartLimitIntervalSec LogRateLimitIntervalSec AccuracySec RandomizedDelaySec OnBootSec OnActiveSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec',
      time,
    ),
    ...each(
      'UMask RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode SocketMode DirectoryMode',
      mode,
    ),
    ...each('StartLimitBurst RestartSteps LogRateLimitBurst FileDescriptorStoreMax', number),
    ...each('MemoryMax MemoryHigh MemoryLow MemoryMin MemorySwapMax', memory),
    ...each('LimitNOFILE LimitNPROC', descriptors),
    ...each('LimitAS LimitCORE LimitDATA LimitFSIZE LimitMEMLOCK LimitRSS LimitSTACK', limit),
    ...each('KillSignal RestartKillSignal FinalKillSignal WatchdogSignal ReloadSignal', signal),
    ...each('StandardOutput StandardError', output),
    ...each('EnvironmentFile WorkingDirectory RootDirectory', path),
    ...each('ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths', paths),
    ...each(
      'RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory',
      directories,
    ),
    ...each('StartLimitAction FailureAction SuccessAction', oneOf(ACTION)),
    OnCalendar: demand('a calendar event such as *-*-* 03:00:00', isCalendar),
    Environment: assignments,
    CPUQuota: share,
    TasksMax: demand('a number, a share or infinity', value =>
      /^(?:infinity|\d+|\d+(?:\.\d+)?%)$/.test(value),
    ),
    Restart: oneOf('no always on-success on-failure on-abnormal on-abort on-watchdog'),
    RestartMode: oneOf('normal direct debug'),
    KillMode: oneOf('control-group process mixed none'),
    NotifyAccess: oneOf('none main exec all'),
    OOMPolicy: oneOf('continue stop kill'),
    ExitType: oneOf('main cgroup'),
    DevicePolicy: oneOf('auto closed strict'),
    ProtectProc: oneOf('noaccess invisible ptraceable default'),
    ProcSubset: oneOf('all pid'),
    KeyringMode: oneOf('inherit private shared'),
    ProtectSystem: booleanOr('full strict'),
    ProtectHome: booleanOr('read-only tmpfs'),
    PrivateTmp: booleanOr('disconnected'),
    RuntimeDirectoryPreserve: booleanOr('restart'),
    Nice: demand(
      '-20 to 19',
      value => /^[+-]?\d{1,2}$/.test(value) && Number(value) >= -20 && Number(value) < 20,
    ),
    OOMScoreAdjust: demand(
      '-1000 to 1000',
      value => /^[+-]?\d{1,4}$/.test(value) && Math.abs(Number(value)) <= 1000,
    ),
  }),
);

const TYPES = oneOf('simple exec forking oneshot dbus notify notify-reload idle');

/** What a directive demands and this value is not. An empty value takes back; specifiers and marks to fill in are not judged. */
export function demanded(
  section: string,
  key: string,
  value: string,
  words: readonly UnitWord[],
): string | undefined {
  if (value === '' || /[<>{}@]|\bYOUR_/.test(value) || (/%[a-zA-Z]/.test(value) && key !== 'Environment'))
    return undefined;
  const what = section === 'Service' && key === 'Type' ? TYPES : DEMANDS.get(key);
  return what?.(value, words);
}
