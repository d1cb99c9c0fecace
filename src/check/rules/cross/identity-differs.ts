import { type AnyFact, factsOf } from '../../../artifacts/fact.ts';
import { imageOf } from '../../containers/images.ts';
import type { Context } from '../../context.ts';
import { type Identity, identityOf } from '../../identity.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { ownersIn } from '../../volume-owners.ts';
import { cited } from '../../words.ts';

export const identityDiffers: Rule = {
  id: 'cross/identity-differs',
  severity: 'warning',
  title: 'one service as different users',
  why: 'As root it can do on one platform what it must not on the other, so that nobody notices a missing right before it is deployed there; and files that belong to another number cannot be written.',
  fix: 'Run it as one unprivileged user with one number, to whom its files and volumes belong.',
  fixable: 'no',
  example: {
    bad: 'USER 10001            # Dockerfile\nrunAsUser: 1000       # Deployment',
    good: 'USER 10001            # Dockerfile\nrunAsUser: 10001      # Deployment',
  },
  check: context => {
    const owners = ownersIn(context);
    const all = [...context.services.values()].map(members =>
      members
        .filter(
          member => member.longRunning && member.production && /^(?:container|process)$/.test(member.form),
        )
        .flatMap(member => identityOf(context, member) ?? []),
    );
    return oncePerPlace(
      all.flatMap(identities => [
        ...roots(identities),
        ...identities.flatMap(identity => [...numbers(context, identity), ...volumes(owners, identity)]),
      ]),
    );
  },
};

/** Root in one form, and unprivileged in another. */
function roots(identities: readonly Identity[]): Finding[] {
  const other = identities.find(identity => !identity.root);
  if (!other) return [];
  return identities
    .filter(identity => identity.root && identity.member.platform !== other.member.platform)
    .map(({ member, at }) => ({
      at,
      message: `${member.name} runs as root on ${member.platform}, and as ${other.name} on ${other.member.platform}`,
      related: [{ ...other.at, message: `as ${other.name}` }],
    }));
}

/** A container that overrides the user of its image, to whom the image's files belong. */
function numbers(context: Context, { member, uid, root, at }: Identity): Finding[] {
  const image = imageOf(context, member);
  const built = image && image !== member ? identityOf(context, image) : undefined;
  if (built?.uid === undefined || uid === undefined || built.root || root || built.uid === uid) return [];
  const message = `${member.name} runs as ${uid} on ${member.platform}, but its image is made for ${built.uid}`;
  return [{ at, message, related: [{ ...built.at, message: `USER ${built.name}` }] }];
}

/** A folder of the host that a script gives to somebody else. */
const volumes = (owners: ReturnType<typeof ownersIn>, { member, uid, root }: Identity): Finding[] =>
  factsOf(member, 'volume').flatMap((volume): Finding[] => {
    const { kind, source = '', readOnly } = volume.value;
    const owner = kind === 'bind' ? owners.get(source.replace(/^\.\/|\/+$/g, '')) : undefined;
    if (!owner || readOnly || root || uid === undefined || owner.uid === uid) return [];
    const message = `${source} is given to ${owner.uid}, and ${member.name} writes to it as ${uid}`;
    return [{ at: owner.at, message, related: [cited(volume as AnyFact, `mounted by ${member.name}`)] }];
  });
