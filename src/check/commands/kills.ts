import { factOf, factsOf } from '../../artifacts/fact.ts';
import { hasOption } from '../../artifacts/shell/script.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsOf, operandsOf } from '../scripts.ts';

export function kills(context: Context): readonly Finding[] {
  const own = [...callsOf(context, 'pkill', 'killall', 'kill'), ...windows(context)];
  return own.flatMap(call => ('message' in call ? [call] : findingOf(context, call)));
}

function findingOf(context: Context, call: Call): Finding[] {
  if (/^(?:dockerfile|workflow)$/.test(call.shell.host.kind)) return [];
  const pattern = patternOf(call);
  if (pattern === undefined) return [];
  const unit = pattern.length > 2 ? supervised(context, pattern) : undefined;
  const again = unit ? `, and ${unit.platform} starts ${unit.name} again` : '';
  const related = unit ? [{ ...unit.at, message: `${unit.name} is restarted` }] : [];
  return [
    { at: call.at, message: `${call.name} ends whatever is named ${pattern || 'so'}${again}`, related },
  ];
}

/** Undefined where it is no name that decides, or nothing is ended. */
function patternOf({ name, command }: Call): string | undefined {
  if (hasOption(command, '-0', '-F', '--pidfile', '-l', '-L', '-P', '--parent')) return undefined;
  if (name === 'kill') {
    const by =
      /(?:\$\(|`)\s*(?:sudo\s+)?(?:pgrep|pidof)\s+(?:-\w+\s+)*["']?([^\s"'`)|]+)|(?:\$\(|`)\s*ps\b[^|`]*\|\s*grep\s+(?:-\w+\s+)*["']?([^\s"'`)|]+)/;
    const found = command.words.map(word => by.exec(word.raw.slice(0, 500))).find(match => match !== null);
    return found ? (found[1] ?? found[2] ?? '').replace(/[[\]]/g, '') : undefined;
  }
  return operandsOf(command, '-u', '-U', '-g', '-t', '-s', '--signal', '-G')[0]?.value;
}

const supervised = ({ members }: Context, pattern: string): Member | undefined =>
  members.find(
    member =>
      /^(?:systemd|compose|docker)$/.test(member.platform) &&
      member.form !== 'image' &&
      !/^(?:no|never)?$/.test(factOf(member, 'restart')?.value ?? '') &&
      factsOf(member, 'command').some(({ value }) =>
        value.words[0]
          ?.split('/')
          .at(-1)
          ?.includes(pattern.split('/').at(-1) ?? pattern),
      ),
  );

/** `taskkill /IM`, `Stop-Process -Name`. */
function windows(context: Context): Finding[] {
  return [...context.of('cmd'), ...context.of('powershell')].flatMap(({ body, text }) =>
    body.flatMap(({ words, start }): Finding[] => {
      const [program = '', ...rest] = words.map(word => word.value);
      const option = /^taskkill(?:\.exe)?$/i.test(program)
        ? /^\/IM$/i
        : /^(?:Stop-Process|spps)$/i.test(program)
          ? /^-(?:Process)?Name$/i
          : undefined;
      const name = option && rest[rest.findIndex(word => option.test(word)) + 1];
      if (!option || !rest.some(word => option.test(word)) || !name) return [];
      return [{ at: text.place(start), message: `${program} ends whatever is named ${name}` }];
    }),
  );
}
