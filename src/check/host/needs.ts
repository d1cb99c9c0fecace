import { factOf } from '../../artifacts/fact.ts';
import { nameOf, unwrapped } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { type HostUnit, hostUnits, settingOf, settingsOf } from './units.ts';

/** Something that has to be on a host before what names it works. */
export interface Need {
  readonly what: 'path' | 'user';
  /** For a reader: "user", "directory", "environment file". */
  readonly title: string;
  readonly name: string;
  /** The unit, cron entry or rotation that needs it. */
  readonly by: string;
  readonly at: Place;
}

export const hostNeeds = (context: Context): readonly Need[] => [
  ...hostUnits(context).flatMap(ofUnit),
  ...ofCron(context),
  ...ofRotation(context),
];

/** Accounts that a distribution or a package of it makes. */
const PACKAGED =
  /^(?:root|nobody|daemon|bin|sys|adm|syslog|mail|man|backup|www-data|nginx|apache|http|postgres|mysql|redis|prometheus|grafana|ubuntu|debian|admin|ec2-user|pi|systemd-[\w-]+|node_exporter|caddy|haproxy|\d+)$/;

const user = (name: string | undefined, by: string, at: Place): Need[] =>
  name === undefined || name === '' || PACKAGED.test(name) || /[%$]/.test(name)
    ? []
    : [{ what: 'user', title: 'user', name, by, at }];

/** What a distribution has there, or a package brings. */
const OF_THE_SYSTEM =
  /^\/(?:usr\/(?!local\/)|s?bin\/|lib|snap\/|proc\/|sys\/|dev\/|run\/|tmp(?:\/|$)|nix\/|home\/linuxbrew\/)/;

const path = (title: string, name: string | undefined, by: string, at: Place): Need[] =>
  name === undefined || !/^\/[\w.@+-]+\/./.test(name) || /[%$*]/.test(name) || OF_THE_SYSTEM.test(name)
    ? []
    : [{ what: 'path', title, name: name.replace(/\/+$/, ''), by, at }];

function ofUnit(unit: HostUnit): Need[] {
  const { member } = unit;
  const by = member.name;
  const dynamic = settingOf(unit, 'Service', 'DynamicUser')?.value;
  const own = settingOf(unit, 'Service', 'User');
  const folder = settingOf(unit, 'Service', 'WorkingDirectory');
  const command = factOf(member, 'command');
  const words = command && !command.value.shell ? command.value.words : [];
  return [
    ...(own && !/^(?:1|yes|true|on)$/i.test(dynamic ?? '') ? user(own.value, by, own.at) : []),
    ...(folder && !folder.value.startsWith('-') ? path('directory', folder.value, by, folder.at) : []),
    ...settingsOf(unit, 'Service', 'EnvironmentFile').flatMap(({ value, at }) =>
      path('environment file', value, by, at),
    ),
    ...(command ? path('program', words[0], by, command.at) : []),
    ...words.flatMap((word, i) => {
      const [, inline] = /^--?config(?:-file)?=(\/.*)$/.exec(word) ?? [];
      const named = inline ?? (/^(?:-c|--?config(?:-file)?)$/.test(word) ? words[i + 1] : undefined);
      return command ? path('configuration', named, by, command.at) : [];
    }),
    ...['StandardOutput', 'StandardError'].flatMap(key => {
      const setting = settingOf(unit, 'Service', key);
      const file = /^(?:append|file|truncate):(\/\S+)\/[^/]+$/.exec(setting?.value ?? '')?.[1];
      return setting && file !== '/var/log' ? path('directory', file, by, setting.at) : [];
    }),
  ];
}

const ofCron = (context: Context): Need[] =>
  context.of('crontab').flatMap(({ body, text }) =>
    body.entries.flatMap(entry => {
      const place = text.place(entry.start);
      const word = /^(\/[\w./-]+)(?=\s|$)/.exec(entry.command)?.[1];
      return [
        ...user(entry.user, 'a line of cron', place),
        ...path('program', word, 'a line of cron', place),
      ];
    }),
  );

/** `su user group`, and whom a rotated file is given to: `create 0640 user group`. */
const ofRotation = (context: Context): Need[] =>
  context.of('logrotate').flatMap(({ body, text }) =>
    body.flatMap(({ directives }) =>
      directives.flatMap(({ fields, start }) => {
        const [name, first, second] = fields;
        const whom =
          name === 'su'
            ? first
            : name === 'create'
              ? /^\d+$/.test(first ?? '')
                ? second
                : first
              : undefined;
        return user(whom, 'logrotate', text.place(start));
      }),
    ),
  );

/** Installers that put files where only they know. */
export const isInstaller = (words: Parameters<typeof unwrapped>[0]): boolean => {
  const command = unwrapped(words);
  const text = command.words.map(word => word.raw).join(' ');
  return (
    (/^(?:ba|da|z)?sh$/.test(nameOf(command)) && command.pipe.index > 0) ||
    /^(?:\S*\/)?(?:make|cmake|ninja|meson)\b.*\binstall\b|^(?:\S*\/)?(?:dpkg|rpm)\s|\.deb\b|\.rpm\b|^(?:\S*\/)?(?:go|cargo|uv tool|pipx)\s+install\b|^(?:\S*\/)?npm\s.*(?:-g|--global)\b/.test(
      text,
    )
  );
};
