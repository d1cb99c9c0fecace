import { type Command, nameOf, unwrapped } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context, Member } from '../context.ts';

/** A command that a script starts inside a container of the set. */
interface Exec {
  readonly member: Member;
  readonly words: readonly string[];
  readonly at: Place;
}

/** `docker exec name …`, `docker compose exec service …`, `kubectl exec deploy/name -- …`. */
export function execsIn(context: Context): readonly Exec[] {
  const containers = new Map<string, Member[]>();
  for (const member of context.members.filter(({ form }) => form === 'container'))
    for (const name of new Set([member.name, ...member.aliases])) {
      const same = containers.get(name);
      if (same) same.push(member);
      else containers.set(name, [member]);
    }
  return context.of('shell').flatMap(({ body, text }) =>
    body.commands.map(unwrapped).flatMap(command => {
      const found = targetOf(command);
      if (!found) return [];
      const named = (containers.get(found.target) ?? []).filter(member =>
        found.platforms.includes(member.platform),
      );
      return named[0] && named.length === 1
        ? [{ member: named[0], words: found.words, at: text.place(command.start) }]
        : [];
    }),
  );
}

const VALUED =
  /^(?:-e|--env|-u|--user|-w|--workdir|-f|--file|-p|--project-name|-n|--namespace|-c|--container|--index|--env-file)$/;

function targetOf(
  command: Command,
): { platforms: readonly string[]; target: string; words: readonly string[] } | undefined {
  const program = nameOf(command);
  const words = command.words.map(word => word.value ?? word.raw);
  const exec = words.indexOf('exec');
  if (!/^(?:docker|docker-compose|podman|kubectl)$/.test(program) || exec === -1) return undefined;
  let i = exec + 1;
  while (words[i]?.startsWith('-') && words[i] !== '--') i += VALUED.test(words[i] ?? '') ? 2 : 1;
  const rest = words.slice(i + 1);
  if (program === 'kubectl') {
    const dashes = words.indexOf('--');
    const target = (words[i] ?? '').replace(/^[\w.]+\//, '');
    return dashes === -1 ? undefined : { platforms: ['kubernetes'], target, words: words.slice(dashes + 1) };
  }
  return { platforms: ['compose', 'docker'], target: words[i] ?? '', words: rest };
}
