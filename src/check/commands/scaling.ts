import { factOf } from '../../artifacts/fact.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import { textOfNode, at as valueAt } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';
import type { Finding, Related } from '../rule.ts';
import { type Call, callsBefore, callsOf } from '../scripts.ts';

export function imperativeScales(context: Context): readonly Finding[] {
  return callsOf(context, 'kubectl', 'docker', 'docker-compose').flatMap(call => findingOf(context, call));
}

function findingOf(context: Context, call: Call): Finding[] {
  const wanted = scaledBy(call);
  // To none is a pause, and what comes behind it its end.
  if (!wanted || wanted.replicas === 0) return [];
  const paused = callsBefore(context, call).some(
    each => scaledBy(each)?.name === wanted.name && scaledBy(each)?.replicas === 0,
  );
  if (paused) return [];
  const owner = ownerOf(context, wanted);
  const single =
    wanted.replicas === 1 && /prod|live/i.test(call.command.words.map(word => word.raw).join(' '));
  if (!owner && !single) return [];
  const what = `${wanted.name} is scaled to ${wanted.replicas ?? 'another number'}`;
  return owner
    ? [{ at: call.at, message: `${what}, and ${owner.message} says how many there are`, related: [owner] }]
    : [{ at: call.at, message: `${what} in production: each restart is an outage` }];
}

interface Wanted {
  readonly name: string;
  readonly replicas: number | undefined;
  readonly platform: 'compose' | 'kubernetes';
}

function scaledBy({ command, name }: Call): Wanted | undefined {
  if (name === 'kubectl') {
    const target = command.words
      .map(word => word.value ?? '')
      .find(word => /^(?:deployment|deploy|statefulset|sts)(?:s|\.apps)?\/[\w.-]+$/.test(word));
    const spaced = command.words.findIndex(word =>
      /^(?:deployment|deploy|statefulset|sts)s?$/.test(word.value ?? ''),
    );
    const object = target?.split('/')[1] ?? (spaced > 1 ? command.words[spaced + 1]?.value : undefined);
    const replicas = optionValues(command, '--replicas')[0];
    if (!command.words.some(word => word.value === 'scale') || !object || !replicas) return undefined;
    return { name: object, replicas: numberIn(replicas.value), platform: 'kubernetes' };
  }
  const scale = optionValues(command, '--scale')[0]?.value;
  const [service, count] = scale?.split('=') ?? [];
  return service && count ? { name: service, replicas: numberIn(count), platform: 'compose' } : undefined;
}

const numberIn = (text: string | undefined): number | undefined =>
  /^\d+$/.test(text ?? '') ? Number(text) : undefined;

/** The autoscaler or manifest that will set it back. */
function ownerOf({ of, members }: Context, { name, platform, replicas }: Wanted): Related | undefined {
  for (const { body, text } of of('kubernetes'))
    for (const object of body) {
      const target = textOfNode(valueAt(object.root, 'spec', 'scaleTargetRef', 'name'));
      if (platform === 'kubernetes' && target === name)
        return { ...text.place(object.root.start), message: 'the HorizontalPodAutoscaler' };
    }
  for (const member of members) {
    const fact =
      member.platform === platform && member.aliases.concat(member.name).includes(name)
        ? factOf(member, 'replicas')
        : undefined;
    if (fact && fact.origin === 'explicit' && fact.value !== replicas)
      return { ...fact.at, message: platform === 'compose' ? 'the compose file' : 'the manifest' };
  }
  return undefined;
}
