import type { CloudRun, CloudRunService } from '../../../model/cloudrun.ts';
import type { Answer } from '../../../platforms/answer.ts';
import { gcloud } from '../../../platforms/cloudrun/gcloud.ts';
import { digestOf } from '../../../platforms/registry/digest.ts';
import { referenceOf, repositoryOf } from '../../../platforms/registry/reference.ts';
import type { Content } from '../../strategy.ts';
import type { Place } from './place.ts';

type Pins = Readonly<Record<string, string>>;

/** Images by their digests, as Cloud Run pulls them: those that are given, else what the tag stands for. */
export async function imagesOf(
  { cloud, images: given }: Place,
  tag: string,
  signal: AbortSignal,
): Promise<Answer<Pins>> {
  const images: Record<string, string> = {};
  for (const own of cloud.services) {
    const { key, unit } = own.service;
    const image = given[key];
    const { value: digest, obstacle } =
      image === undefined ? await tagged(cloud, own, tag, signal) : digestIn(key, image, own.image);
    if (obstacle) return { obstacle };
    images[unit] = `${own.image.pulled}@${digest}`;
  }
  return { value: images };
}

/** A revision pulls from the one repository that deploy.sh knows. */
function digestIn(key: string, image: string, { built, pulled }: CloudRunService['image']): Answer<string> {
  const { digest } = referenceOf(image);
  if (digest !== undefined && [built, pulled].includes(repositoryOf(image))) return { value: digest };
  return {
    obstacle: {
      why: `--image ${key}=${image}: Cloud Run has the images of ${key} from ${pulled}, as image.registry of aideploy.yaml says`,
      next: `push it to ${built}, and give it by that name`,
    },
  };
}

async function tagged(
  cloud: CloudRun,
  { image: { built } }: CloudRunService,
  tag: string,
  signal: AbortSignal,
): Promise<Answer<string>> {
  const { value, obstacle } = await pinned(cloud, `${built}:${tag}`, signal);
  if (obstacle) return { obstacle };
  if (value !== undefined) return { value };
  return {
    obstacle: {
      why: `there is no image ${built}:${tag}`,
      next: `build and push it: scripts/build.sh --tag ${tag} --push`,
    },
  };
}

/** Artifact Registry answers whoever gcloud is logged in as; another registry is asked itself. */
async function pinned(
  { registry }: CloudRun,
  image: string,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  if (registry.kind !== 'artifacts') return digestOf(image, signal);
  const { value, obstacle } = await gcloud<{ readonly image_summary: { readonly digest: string } }>(
    ['artifacts', 'docker', 'images', 'describe', image, `--project=${registry.project}`],
    signal,
  );
  return obstacle ? { obstacle } : { value: value?.image_summary.digest };
}

/** The newest enabled version of each secret, which the release keeps. */
export async function secretsOf(
  { services, settings }: CloudRun,
  signal: AbortSignal,
): Promise<Answer<Content['secrets']>> {
  const versions: Record<string, string> = {};
  for (const { id, optional } of distinct(services)) {
    const { value = [], obstacle } = await gcloud<readonly { readonly name: string }[]>(
      [
        ...['secrets', 'versions', 'list', id, `--project=${settings.project}`],
        ...['--filter=state=ENABLED', '--sort-by=~createTime', '--limit=1'],
      ],
      signal,
    );
    if (obstacle) return { obstacle };
    const version = value[0]?.name.split('/').at(-1);
    if (version !== undefined) versions[id] = version;
    else if (!optional)
      return {
        obstacle: {
          why: `the secret ${id} has no enabled version`,
          next: 'give it one: deploy/cloudrun/setup.sh',
        },
      };
  }
  return { value: versions };
}

/** One that any service needs is needed. */
const distinct = (services: readonly CloudRunService[]): CloudRunService['secrets'] => {
  const all = services.flatMap(({ secrets }) => secrets);
  return [
    ...new Map(
      all.toSorted((a, b) => Number(b.optional) - Number(a.optional)).map(each => [each.id, each]),
    ).values(),
  ];
};
