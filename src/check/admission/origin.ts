import { type KubernetesObject, podTemplate } from '../../artifacts/kubernetes/object.ts';
import { at, entryOf, itemsOf } from '../../artifacts/yaml.ts';
import { isOwnGroup } from '../schemas/kubernetes.ts';

/** `Deployment api`, as messages say it. */
export const titled = ({ kind, name }: KubernetesObject): string => (name ? `${kind} ${name}` : kind);

/** What a kustomization generates is no text of anybody: its keys stand where its values do. */
export function isWritten({ root }: KubernetesObject): boolean {
  const kind = entryOf(root, 'kind');
  return kind !== undefined && kind.key.start !== kind.value.start;
}

/** Whether what an object lacks may stand elsewhere: it is a patch, or what a guide shows of it. */
export const isPartial = (object: KubernetesObject): boolean => isPatch(object) || isExcerpt(object);

/** Called so, with orders for the merge, or of pods without any image. */
function isPatch(object: KubernetesObject): boolean {
  const { root } = object;
  if (/(?:^|[/._-])patch(?:es)?(?=[/._-]|$)/i.test(root.text.file) || entryOf(root, '$patch')) return true;
  const template = podTemplate(object);
  const containers = itemsOf(at(template, 'spec', 'containers'));
  return (
    template !== undefined &&
    template !== root &&
    !at(root, 'spec', 'selector') &&
    containers.every(container => !at(container, 'image'))
  );
}

/** Without a name, with dots for the rest, or of a kind that others define. */
function isExcerpt({ apiVersion, root }: KubernetesObject): boolean {
  const { text } = root;
  if (!text.within || !/\.(?:md|markdown)$/i.test(text.file)) return false;
  return (
    !isOwnGroup(apiVersion) || !at(root, 'metadata', 'name') || /(?:^|\s)(?:\.\.\.|…)/m.test(text.content)
  );
}
