import { instructionsOf } from '../artifacts/dockerfile/dockerfile.ts';
import { type Fact, factOf } from '../artifacts/fact.ts';
import type { Place } from '../artifacts/text.ts';
import { imageOf, stagesOf, startsAsRoot } from './containers/images.ts';
import type { Context, Member } from './context.ts';

/** As whom something runs. */
export interface Identity {
  readonly member: Member;
  /** A name or a number, as written; of what nobody wrote, root. */
  readonly name: string;
  /** Where it is known. */
  readonly uid: number | undefined;
  readonly root: boolean;
  readonly at: Place;
}

/** Undefined where only the maker of an image knows. */
export function identityOf(context: Context, member: Member): Identity | undefined {
  const own = factOf(member, 'user');
  const image = imageOf(context, member);
  if (own) return named(member, own, image);
  if (member.platform === 'systemd') return { member, name: 'root', uid: 0, root: true, at: member.at };
  if (member.form === 'image') {
    const base = factOf(member, 'image')?.value;
    return base && startsAsRoot(base)
      ? { member, name: 'root', uid: 0, root: true, at: member.at }
      : undefined;
  }
  const built = image && identityOf(context, image);
  return built && { ...built, member, at: member.at };
}

function named(
  member: Member,
  { value: { name }, at }: Fact<'user'>,
  image: Member | undefined,
): Identity | undefined {
  const user = name.split(':')[0] ?? '';
  if (user === '' || /[${}]/.test(user)) return undefined;
  const uid = /^\d+$/.test(user) ? Number(user) : user === 'root' ? 0 : image && uidIn(image, user);
  return { member, name: user, uid, root: uid === 0, at };
}

/** The number that a RUN of the image gives the name: `useradd --uid 10001 app`. */
function uidIn(image: Member, user: string): number | undefined {
  for (const stage of stagesOf(image))
    for (const { rest } of instructionsOf(stage, 'RUN'))
      for (const part of rest.value.split(/&&|;|\|\|/)) {
        const words = part.trim().split(/\s+/);
        if (!/^(?:useradd|adduser)$/.test(words[0] ?? '') || !words.includes(user)) continue;
        const at = words.findIndex(word => /^(?:-u|--uid)$/.test(word));
        const uid = at > 0 ? words[at + 1] : /--uid=(\d+)/.exec(part)?.[1];
        if (uid !== undefined && /^\d+$/.test(uid)) return Number(uid);
      }
  return undefined;
}
