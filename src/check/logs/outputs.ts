import type { AnyDocument } from '../../artifacts/document.ts';
import { expanded, UNKNOWN } from '../../artifacts/shell/expand.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { type HostUnit, hostUnits, settingOf } from '../host/units.ts';
import { allCalls } from '../scripts.ts';
import { valuesOf } from '../steps.ts';

/** Where what a unit prints goes: systemd.exec(5), StandardOutput. */
export function outputOf(unit: HostUnit): {
  readonly to: 'elsewhere' | 'file' | 'journal';
  readonly path?: string;
  readonly at: Place;
} {
  const setting = settingOf(unit, 'Service', 'StandardOutput');
  if (!setting) return { to: 'journal', at: unit.member.at };
  const { value, at } = setting;
  const path = /^(?:append|file|truncate):(\/\S+)$/.exec(value)?.[1];
  if (path) return { to: 'file', path, at };
  return { to: /^(?:journal|inherit|syslog|kmsg)/.test(value) ? 'journal' : 'elsewhere', at };
}

/** A file on a host that grows for as long as somebody writes to it. */
interface LogFile {
  readonly path: string;
  readonly by: string;
  readonly at: Place;
}

/** What units append to, and what cron and commands in the background are redirected to. */
export function logFiles(context: Context): readonly LogFile[] {
  const ofUnits = hostUnits(context).flatMap((unit): LogFile[] => {
    const error = settingOf(unit, 'Service', 'StandardError');
    const errors = /^(?:append|file|truncate):(\/\S+)$/.exec(error?.value ?? '')?.[1];
    const { path, at } = outputOf(unit);
    const by = unit.member.name;
    return [
      ...(path ? [{ path, by, at }] : []),
      ...(errors && error ? [{ path: errors, by, at: error.at }] : []),
    ];
  });
  const ofCommands = allCalls(context).flatMap(({ whole, shell: { document, host }, name }): LogFile[] => {
    // A runner of workflows is gone with its job.
    if (host.kind !== 'crontab' && !(whole.background && !/^(?:dockerfile|workflow)$/.test(host.kind)))
      return [];
    const values = valuesOf(document);
    return whole.redirects.flatMap(({ operator, target }) => {
      const path = target && /^(?:>>|&>>|>|&>)$/.test(operator) ? expanded(target.raw, values) : '';
      const grows = operator.endsWith('>>') || whole.background;
      return target && grows && /^\/(?!(?:dev|proc|run|tmp)\/)/.test(path) && !path.includes(UNKNOWN)
        ? [{ path, by: host.kind === 'crontab' ? 'cron' : name, at: document.text.place(target.start) }]
        : [];
    });
  });
  return [...ofUnits, ...ofCommands];
}

/** Paths and patterns that logrotate is told of. */
export const rotated = (context: Context): readonly { readonly path: string; readonly at: Place }[] =>
  context
    .of('logrotate')
    .flatMap(({ body, text }) =>
      body.flatMap(({ paths, start }) =>
        paths.map(path => ({ path: path.replace(/^"|"$/g, ''), at: text.place(start) })),
      ),
    );

/** `/var/log/chat/*.log`: a star stays within its folder. */
export function covers(pattern: string, path: string): boolean {
  const [steps, wanted] = [pattern.split('/'), path.split('/')];
  return steps.length === wanted.length && steps.every((step, i) => fits(step, wanted[i] ?? ''));
}

function fits(step: string, name: string): boolean {
  const [first = '', ...rest] = step.split(/[*?]|\{[^}]*\}/);
  if (rest.length === 0) return step === name;
  let at = name.startsWith(first) ? first.length : -1;
  for (const [i, part] of rest.entries()) {
    if (at === -1) return false;
    const found = i === rest.length - 1 ? name.lastIndexOf(part) : name.indexOf(part, at);
    at = found < at ? -1 : found + part.length;
  }
  return at === name.length || step.endsWith('*');
}

/** Whether any file but these speaks of a path. */
export const isMentioned = ({ texts }: Context, path: string, except: (file: string) => boolean): boolean =>
  [...texts.values()].some(text => !except(text.file) && text.content.includes(path));

export const fileOf = (document: AnyDocument): string => document.text.file;
