import * as z from 'zod';
import { line } from './scalars.ts';
import { section } from './section.ts';

const MOVING_TAGS = ['latest', 'stable', 'main', 'master', 'edge', 'nightly', 'dev'];
const REFERENCE =
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::([A-Za-z0-9_][\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$/;

const isMoving = (tag: string) => MOVING_TAGS.includes(tag);
const refusal = (tag: string) =>
  `the tag "${tag}" moves, so a rollback could not name what ran; pin a version or a digest`;

/** An image somebody else publishes: it must say which one, by tag or digest. */
export const pinnedImage = () =>
  line().superRefine((image, ctx) => {
    const match = REFERENCE.exec(image);
    const tag = match?.[1];
    if (!match) ctx.addIssue('not an image reference, such as ollama/ollama:0.12.6');
    else if (tag && isMoving(tag)) ctx.addIssue(refusal(tag));
    else if (!tag && !image.includes('@sha256:'))
      ctx.addIssue(`an image without a tag means :latest; ${refusal('latest')}`);
  });

export const imageTag = () =>
  z
    .string({ error: 'quote the tag: YAML reads an unquoted 1.10 as a number' })
    .regex(/^[A-Za-z0-9_][\w.-]{0,127}$/, { error: 'a tag has letters, digits, _, . and -, at most 128' })
    .refine(tag => !isMoving(tag), { error: issue => refusal(String(issue.input)) });

export const image = section({
  registry: line()
    .regex(/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)*$/, {
      error: 'a registry without scheme or tag, such as ghcr.io/acme',
    })
    .optional()
    .describe(
      'Images are <registry>/<name> for one built service and <registry>/<name>-<service> for more. Default: none; with cloudrun <region>-docker.pkg.dev/<project>/<name>, which its setup.sh makes.',
    ),
  tag: imageTag()
    .optional()
    .describe(
      'Usually omitted: then no committed file holds a tag, and it comes from --tag, $AIDEPLOY_TAG or git describe.',
    ),
  platforms: z
    .array(
      z.string().regex(/^linux\/(?:amd64|arm64|arm\/v7|riscv64|ppc64le|s390x)$/, {
        error: 'a platform such as linux/amd64',
      }),
    )
    .min(1)
    .default(['linux/amd64', 'linux/arm64'])
    .describe('Platforms the image is built for.'),
});
