import type { V1Pod } from '@kubernetes/client-node';
import { isBuilt, type Service, servicesOf } from '../../../model/model.ts';
import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { selecting } from '../../../platforms/kubernetes/standing.ts';
import { digestOf } from '../../../platforms/registry/digest.ts';
import { namesRegistry, referenceOf, repositoryOf } from '../../../platforms/registry/reference.ts';
import { containersIn, podIn } from './objects.ts';
import { below, CORE, type Place } from './place.ts';

/** An image as it is written in the objects, and by its digest. */
type Pins = ReadonlyMap<string, string>;

export interface Found {
  readonly objects: readonly KubeObject[];
  /** By service. */
  readonly images: Readonly<Record<string, string>>;
}

const repositoryIn = ({ source }: Service): string =>
  source.kind === 'built' ? source.repository : repositoryOf(source.image);

/** Every image of a service by its digest; a tag may name another one tomorrow. */
export async function pinned(
  place: Place,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Answer<Found>> {
  const services = servicesOf(place.model, 'kubernetes');
  const running = await runningIn(place, signal);
  if (running.obstacle) return { obstacle: running.obstacle };
  const images = [...new Set(objects.filter(isPinnable).flatMap(imagesIn))];
  const pins = new Map<string, string>();
  for (const image of images) {
    const service = services.find(each => repositoryIn(each) === repositoryOf(image));
    if (!service || image.includes('@')) continue;
    const given = place.images[service.key];
    if (given !== undefined && isBuilt(service)) {
      pins.set(image, tagged(given, referenceOf(image).tag));
      continue;
    }
    const { value, obstacle } = await pin(image, isBuilt(service), running.value, signal);
    if (obstacle) return { obstacle };
    pins.set(image, value);
  }
  const named = services.flatMap(service => {
    const image = objects.flatMap(object => imageIn(object, service.unit) ?? [])[0];
    return image === undefined ? [] : [[service.key, pins.get(image) ?? image]];
  });
  return { value: { objects: objects.map(each => withPins(each, pins)), images: Object.fromEntries(named) } };
}

/** For a reader of the cluster, to whom a digest says nothing. */
const tagged = (image: string, tag: string): string =>
  `${repositoryOf(image)}:${tag}@${referenceOf(image).digest}`;

/** The template of a Job cannot be changed, and its name may follow from what it was rendered as. */
const isPinnable = ({ kind }: KubeObject): boolean => kind !== 'Job';

const imagesIn = (object: KubeObject): string[] =>
  containersIn(podIn(object)).flatMap(({ image }) => image ?? []);

/** A service's container is named like its workload. */
const imageIn = (object: KubeObject, unit: string): string | undefined =>
  object.metadata.name === unit
    ? containersIn(podIn(object)).find(({ name }) => name === unit)?.image
    : undefined;

function withPins(object: KubeObject, pins: Pins): KubeObject {
  if (!isPinnable(object) || imagesIn(object).every(image => !pins.has(image))) return object;
  const copy = structuredClone(object);
  for (const container of containersIn(podIn(copy)))
    container.image = pins.get(container.image ?? '') ?? container.image ?? '';
  return copy;
}

/** What is built here is what the registry has by the tag; what others publish stays what runs, until its tag changes. */
async function pin(
  image: string,
  isOurs: boolean,
  running: Pins,
  signal: AbortSignal,
): Promise<Answer<string>> {
  const known = running.get(image);
  if (known !== undefined && !isOurs) return { value: known };
  // Loaded into the nodes by hand: nobody else knows it.
  if (isOurs && !namesRegistry(image)) return { value: known ?? image };
  const { value, obstacle } = await digestOf(image, signal);
  if (value !== undefined) return { value: `${image}@${value}` };
  if (known !== undefined && obstacle) return { value: known };
  if (!isOurs) return { value: image };
  return {
    obstacle: obstacle ?? {
      why: `there is no image ${image}: its registry knows no such tag`,
      next: `push ${image}`,
    },
  };
}

/** What the kubelets made of the images that run. */
async function runningIn(place: Place, signal: AbortSignal): Promise<Answer<Pins>> {
  const ours = selecting({ 'app.kubernetes.io/part-of': place.project });
  const { value, obstacle } = await place.cluster.get<{ items: V1Pod[] }>(
    `${below(place, CORE, 'pods')}?${ours}`,
    signal,
  );
  if (obstacle) return { obstacle };
  const pairs = (value?.items ?? []).flatMap(({ spec, status }) =>
    (status?.containerStatuses ?? []).flatMap(({ name, imageID }) => {
      const image = spec?.containers.find(each => each.name === name)?.image?.replace(/@.*$/, '');
      const digest = /@(sha256:[0-9a-f]{64})$/.exec(imageID)?.[1];
      return image && digest ? [[image, `${image}@${digest}`] as const] : [];
    }),
  );
  return { value: new Map(pairs) };
}
