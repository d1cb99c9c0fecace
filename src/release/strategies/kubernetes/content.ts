import { parseDocument } from 'yaml';
import { overlayOf } from '../../../model/cluster.ts';
import { isBuilt, type Model } from '../../../model/model.ts';
import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { kustomizeWith } from '../../../platforms/kubernetes/kustomize.ts';
import { labelled } from '../../../platforms/kubernetes/marks.ts';
import type { StoredFile } from '../../release.ts';
import type { Content } from '../../strategy.ts';
import { pinned } from './images.ts';
import { fileOf, inOrder, withoutScaled } from './objects.ts';
import type { Place } from './place.ts';
import { secretVersions } from './secrets.ts';

/** The objects of the overlay as they will be applied, whatever becomes of its tags. */
export async function contentOf(
  place: Place,
  root: string,
  tag: string,
  files: readonly StoredFile[],
  signal: AbortSignal,
): Promise<Answer<Content>> {
  const overlay = overlayOf(place.model);
  const built = await kustomizeWith(root, overlay, withTag(place.model, overlay, tag, files), signal);
  if (built.obstacle) return { obstacle: built.obstacle };
  const secret = built.value.find(({ kind }) => kind === 'Secret');
  if (secret) return { obstacle: holdsValues(secret) };
  const found = await pinned(place, inOrder(withoutScaled(built.value)), signal);
  if (found.obstacle) return { obstacle: found.obstacle };
  const { objects, images } = found.value;
  const secrets = await secretVersions(place, objects, signal);
  if (secrets.obstacle) return { obstacle: secrets.obstacle };
  const ours = objects.map(object => labelled(object, place.project));
  return { value: { images, checksums: {}, secrets: secrets.value, files: [fileOf(ours)] } };
}

/** As `kustomize edit set image` would: whatever else names the tag follows from there. */
function withTag(
  model: Model,
  overlay: string,
  tag: string,
  files: readonly StoredFile[],
): readonly StoredFile[] {
  const ours = model.services.flatMap(each => (isBuilt(each) ? each.source.repository : []));
  return files.map(file => {
    if (file.path !== `${overlay}/kustomization.yaml`) return file;
    const kustomization = parseDocument(file.content);
    const { images = [] } = (kustomization.toJS() ?? {}) as { images?: { name: string }[] };
    for (const [index, { name }] of images.entries())
      if (ours.includes(name)) kustomization.setIn(['images', index, 'newTag'], tag);
    return { ...file, content: kustomization.toString() };
  });
}

const holdsValues = ({ metadata: { name } }: KubeObject) => ({
  why: `the overlay holds the Secret ${name}, and a release is kept without values of secrets`,
  next: 'apply it by itself, and take it out of the kustomization',
});
