import { instructionsOf } from '../../artifacts/dockerfile/dockerfile.ts';
import { factOf, factsOf } from '../../artifacts/fact.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import { podTemplate } from '../../artifacts/kubernetes/object.ts';
import { type Place, placeKey } from '../../artifacts/text.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { imageOf, isBare, lackingIn, lackingInBuilt, stagesOf } from './images.ts';
import { programsIn } from './programs.ts';

interface Use {
  readonly words: readonly string[];
  readonly at: Place;
  readonly said: string;
}

export function uses(member: Member): readonly Use[] {
  if (member.form !== 'container' && member.form !== 'image') return [];
  const command = factOf(member, 'command');
  return [
    ...factsOf(member, 'health').flatMap(({ value, at: place }) =>
      value.command
        ? [
            {
              words: value.command,
              at: place,
              said: value.role === 'container' ? 'the health check' : `the ${value.role} probe`,
            },
          ]
        : [],
    ),
    ...(command?.value.shell || command?.value.replaces === 'all'
      ? [{ words: command.value.words, at: command.at, said: 'the command' }]
      : []),
  ];
}

export function findingsOf(context: Context, member: Member, { words, at: place, said }: Use): Finding[] {
  const built = imageOf(context, member);
  const image = factOf(built ?? member, 'image');
  const lacking = built
    ? lackingInBuilt(built)
    : image && !factOf(member, 'build')
      ? lackingIn(image.value)
      : [];
  const missing = programsIn(words).find(program => lacking.includes(program));
  if (!missing || !image) return [];
  const message = `${said} of ${member.name || 'the image'} calls ${missing}, which ${image.value.raw} does not hold`;
  const related =
    image.at.file === place.file && image.at.line === place.line
      ? []
      : [{ ...image.at, message: image.value.raw }];
  return [{ at: place, message, related }];
}

/** Hooks of pods, which are no facts. */
export function hooks(context: Context): Finding[] {
  const containers = new Map(
    context.members
      .filter(({ platform, form }) => platform === 'kubernetes' && form === 'container')
      .map(member => [`${member.at.file}:${member.at.line}:${member.at.column}`, member]),
  );
  return objectSets(context.documents)
    .flatMap(({ objects }) => objects)
    .flatMap(object => itemsOf(at(podTemplate(object), 'spec', 'containers')))
    .flatMap(container => {
      const place = placeOf(container);
      const member = containers.get(placeKey(place));
      return ['preStop', 'postStart'].flatMap(hook => {
        const command = at(container, 'lifecycle', hook, 'exec', 'command');
        if (!member || !command) return [];
        const words = itemsOf(command).map(item => textOfNode(item) ?? '');
        return findingsOf(context, member, { words, at: placeOf(command), said: hook });
      });
    });
}

/** RUN in a final stage without a shell. */
export function steps(image: Member): Finding[] {
  const base = factOf(image, 'image');
  const stage = stagesOf(image).at(-1);
  if (!base || !stage || !isBare(base.value) || !lackingInBuilt(image).includes('sh')) return [];
  return instructionsOf(stage, 'RUN')
    .filter(run => !run.json)
    .slice(0, 1)
    .map(run => ({
      at: image.document.text.place(run.start),
      message: `RUN needs a shell, which ${base.value.raw} does not hold`,
    }));
}
