import { factsOf } from '../../../artifacts/fact.ts';
import type { ImageReference } from '../../../artifacts/image.ts';
import type { Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

const MOVING = /^(?:latest|stable|main|master|edge|nightly|dev|develop|current|lts)$/;

export const floating: Rule = {
  id: 'image/floating',
  severity: 'warning',
  title: 'an image without a tag, or with a tag that moves',
  why: 'The same file starts another program tomorrow than today: two machines differ, a rollback rolls nothing back, and nobody can say what ran when it broke.',
  fix: 'Name a version, or better a digest: image:1.4.2, image@sha256:….',
  fixable: 'no',
  example: { bad: 'image: postgres', good: 'image: postgres:16.4' },
  check: ({ members }) =>
    members.filter(isJudged).flatMap(member =>
      factsOf(member, 'image').flatMap(({ value, at }): Finding[] => {
        const what = movementOf(value);
        return what ? [{ at, message: `${value.raw} ${what}` }] : [];
      }),
    ),
};

/** What is started on a developer's machine may follow its image. */
const isJudged = (member: Member): boolean => member.production || member.form === 'image';

function movementOf(image: ImageReference): string | undefined {
  if (image.digest || image.repository === 'scratch') return undefined;
  if (image.tag === undefined) return 'has no tag, so it is whatever latest is then';
  return MOVING.test(image.tag) ? `has the tag ${image.tag}, which moves` : undefined;
}
