import { expanded } from '../../../artifacts/dockerfile/facts.ts';
import type { Document } from '../../../artifacts/document.ts';
import { factsOf } from '../../../artifacts/fact.ts';
import { type ImageReference, imageReference } from '../../../artifacts/image.ts';
import type { Place } from '../../../artifacts/text.ts';
import type { Member } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

const MOVING = /^(?:latest|stable|main|master|edge|nightly|dev|develop|current|lts)$/;

export const floating: Rule = {
  id: 'image/floating',
  severity: 'warning',
  title: 'an image without a tag, or with a tag that moves',
  why: 'The same file starts another program tomorrow than today: two machines differ, a rollback rolls nothing back, and nobody can say what ran when it broke.',
  fix: 'Name a version (image:1.4.2), or better a digest (image@sha256:<digest>).',
  fixable: 'no',
  example: { bad: 'image: postgres', good: 'image: postgres:16.4' },
  check: context =>
    oncePerPlace([
      ...context.members
        .filter(isJudged)
        .flatMap(member => factsOf(member, 'image').flatMap(({ value, at }) => judged(value, at))),
      ...context.of('dockerfile').flatMap(builtOn),
    ]),
};

/** What a program is built with is as much a part of it as what it runs on. */
const builtOn = ({ body, text }: Document<'dockerfile'>): Finding[] =>
  body.stages.flatMap(({ image }, i) => {
    const earlier = body.stages.slice(0, i).some(({ name }) => name === image.value.toLowerCase());
    const known = expanded(body, image.value);
    return earlier || known.includes('$') ? [] : judged(imageReference(known), text.place(image.start));
  });

function judged(image: ImageReference | undefined, at: Place): Finding[] {
  const what = image && movementOf(image);
  return what ? [{ at, message: `${image.raw} ${what}` }] : [];
}

/** What is started on a developer's machine may follow its image. */
const isJudged = (member: Member): boolean => member.production || member.form === 'image';

function movementOf(image: ImageReference): string | undefined {
  if (image.digest || image.repository === 'scratch') return undefined;
  if (image.tag === undefined) return 'has no tag, so it is whatever latest is then';
  return MOVING.test(image.tag) ? `has the tag ${image.tag}, which moves` : undefined;
}
