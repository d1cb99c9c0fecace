import { effectsOf } from '../../artifacts/shell/effects.ts';
import { setting } from '../../artifacts/systemd/unit.ts';
import type { Edit, Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsBefore, callsOf, operandsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';
import { textOf } from './dumps.ts';

export function overwrittenPrograms(context: Context): readonly Finding[] {
  const programs = programsOf(context);
  return callsOf(context, 'cp', 'scp', 'curl', 'wget', 'tee').flatMap((call): Finding[] => {
    if (/\s-[a-zA-Z]*f|--force|--remove-destination/.test(textOf(call)) && call.name === 'cp') return [];
    const target = effectsOf(call.whole, valuesOf(call.shell.document)).find(
      each => each.does === 'makes' && programs.has(each.name),
    );
    const program = target && programs.get(target.name);
    if (!program || !isReplaced(call, program.unit) || isStopped(context, call, program.unit)) return [];
    return [
      {
        at: call.at,
        message: `${call.name} writes over ${target.name}, which ${program.unit} runs`,
        related: [{ ...program.at, message: `${program.unit} executes it` }],
        edits: renamed(call),
      },
    ];
  });
}

interface Program {
  readonly unit: string;
  readonly at: Place;
}

/** What units execute, by its path. */
const programsOf = ({ of }: Context): ReadonlyMap<string, Program> =>
  new Map(
    of('systemd').flatMap(({ body, text }): [string, Program][] => {
      const entry = setting(body, 'Service', 'ExecStart');
      const path = /^[-@:+!]*(\/[^\s"']+)/.exec(entry?.value ?? '')?.[1];
      return entry && path && body.type === 'service'
        ? [[path, { unit: body.name, at: text.place(entry.start) }]]
        : [];
    }),
  );

/** It runs already: what follows starts it again, not for the first time. */
function isReplaced({ shell, whole }: Call, unit: string): boolean {
  const rest = shell.document.text.content.slice(whole.end);
  const name = unit.replace(/\.service$/, '');
  return rest
    .split('\n')
    .some(
      line => /systemctl\s.*\b(?:try-)?restart\b|service\s+\S+\s+restart/.test(line) && line.includes(name),
    );
}

function isStopped(context: Context, call: Call, unit: string): boolean {
  const name = unit.replace(/\.service$/, '');
  const last = callsBefore(context, call).findLast(
    each =>
      each.name === 'systemctl' &&
      textOf(each).includes(name) &&
      /\b(?:stop|start|restart|enable)\b/.test(textOf(each)),
  );
  return last !== undefined && /\bstop\b/.test(textOf(last));
}

/** `cp server target`: beside, and renamed. */
function renamed(call: Call): readonly Edit[] {
  const { text } = call.shell.document;
  const words = operandsOf(call.command);
  const target = words[1];
  const line = text.content.slice(0, call.whole.start).split('\n').at(-1) ?? '';
  const alone = /^\s*$/.test(line) && /^[^\S\n]*(?:\n|$)/.test(text.content.slice(call.whole.end));
  if (
    call.name !== 'cp' ||
    words.length !== 2 ||
    !target ||
    target.raw.endsWith('/') ||
    !alone ||
    call.whole.tested
  )
    return [];
  const sudo = call.whole.words[0]?.value === 'sudo' ? 'sudo ' : '';
  return [text.edit(target.end, call.whole.end, `.new\n${line}${sudo}mv -f ${target.raw}.new ${target.raw}`)];
}
