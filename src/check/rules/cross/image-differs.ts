import { maySame } from '../../../artifacts/shell/expand.ts';
import { type ImageUse, imageUses } from '../../image-use.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const imageDiffers: Rule = {
  id: 'cross/image-differs',
  severity: 'warning',
  title: 'an image under another name than the one that is built',
  why: 'What was built, scanned and pushed is not what runs: the platform pulls an older image of another name, or none at all.',
  fix: 'Name the image in one way, registry and tag included, from the build to the deployment.',
  fixable: 'no',
  example: {
    bad: 'docker push ghcr.io/acme/chat:1.4.0\nimage: registry.example.com/chat:1.4.0',
    good: 'docker push ghcr.io/acme/chat:1.4.0\nimage: ghcr.io/acme/chat:1.4.0',
  },
  check: context => {
    const groups = new Map<string, ImageUse[]>();
    const all = imageUses(context);
    for (const use of all) {
      const short = use.repository.split('/').at(-1) ?? '';
      if (!short.includes('*')) groups.set(short, [...(groups.get(short) ?? []), use]);
    }
    // A push under a name that is not known may be of any image.
    const hidden = all.some(use => use.does === 'pushes' && /\*$|\$\{\{/.test(use.repository));
    return oncePerPlace(
      [...groups.values()].flatMap(uses => [...within(uses), ...(hidden ? [] : across(uses))]),
    );
  },
};

const nameOf = ({ repository, tag }: ImageUse): string => `${repository}:${tag}`;
const same = (a: ImageUse, b: ImageUse): boolean =>
  maySame(a.repository, b.repository) && maySame(a.tag, b.tag);

/** What one script or guide pushes, scans or starts, and built under another name. */
const within = (uses: readonly ImageUse[]): Finding[] =>
  uses
    .filter(use => use.does === 'pushes' || use.does === 'scans' || use.does === 'deploys')
    .flatMap(use => {
      const made = uses.filter(each => each.host === use.host && /^(?:builds|tags)$/.test(each.does));
      return made.length === 0 || made.some(each => same(each, use)) ? [] : finding(use, made);
    });

/** Tags that tests and caches give their images. */
const TRIED = /test|e2e|cache|\bci\b|\bdev\b|nightly/;

/** What a platform runs, and is pushed to another registry or under another tag; what somebody tries out may be any. */
function across(uses: readonly ImageUse[]): Finding[] {
  const pushed = uses.filter(
    use => use.does === 'pushes' && use.host.kind !== 'markdown' && !TRIED.test(use.tag),
  );
  if (pushed.length === 0) return [];
  return uses
    .filter(use => use.does === 'deploys' && !use.tried && !pushed.some(each => same(each, use)))
    .flatMap(use => finding(use, pushed));
}

const VERBS = {
  builds: 'built',
  deploys: 'deployed',
  pushes: 'pushed',
  scans: 'scanned',
  tags: 'tagged',
} as const;

function finding(use: ImageUse, others: readonly ImageUse[]): Finding[] {
  const near = others.find(each => maySame(each.repository, use.repository)) ?? others[0];
  if (!near) return [];
  const message = `${nameOf(use)} is ${VERBS[use.does]} here, but ${nameOf(near)} is what is ${VERBS[near.does]}`;
  return [{ at: use.at, message, related: [{ ...near.at, message: nameOf(near) }] }];
}
