import { CLUSTER_KINDS, type KubernetesObject, podTemplate } from '../../../artifacts/kubernetes/object.ts';
import { nameOf, unwrapped } from '../../../artifacts/shell/script.ts';
import { at, entryOf, placeOf } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { clustersOf, titled } from '../../kubernetes/cluster.ts';
import type { Finding, Rule } from '../../rule.ts';
import { lineAbove } from '../../yaml-lines.ts';

export const namespace: Rule = {
  id: 'k8s/namespace',
  severity: 'warning',
  title: 'objects that belong together, some with a namespace and some without',
  why: 'What names no namespace goes to whichever is current when somebody applies it: the Service stands in one and its pods in another, and neither finds the other.',
  fix: 'Name the namespace in every object, or in none and in the kustomization.',
  fixable: 'safe',
  example: {
    bad: 'metadata: {name: api, namespace: ai}\n---\nmetadata: {name: api-config}',
    good: 'metadata: {name: api, namespace: ai}\n---\nmetadata: {name: api-config, namespace: ai}',
  },
  check: context =>
    isChosenOutside(context)
      ? []
      : clustersOf(context).flatMap(({ objects }) => byFolder(objects).flatMap(findingsOf)),
};

/** Loose manifests of one folder are applied together. */
function byFolder(objects: readonly KubernetesObject[]): readonly (readonly KubernetesObject[])[] {
  const folders = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const folder = object.root.text.file.split('/').slice(0, -1).join('/');
    const group = folders.get(folder);
    if (group) group.push(object);
    else folders.set(folder, [object]);
  }
  return [...folders.values()];
}

/** Kinds that live beside the pods they are for; others may be meant for a namespace of their own. */
const COMPANIONS = new Set(
  'ConfigMap CronJob DaemonSet Deployment HorizontalPodAutoscaler Ingress Job NetworkPolicy PersistentVolumeClaim PodDisruptionBudget Secret Service ServiceAccount StatefulSet'.split(
    ' ',
  ),
);

function findingsOf(objects: readonly KubernetesObject[]): Finding[] {
  const companions = objects.filter(
    each => COMPANIONS.has(each.kind) && !CLUSTER_KINDS.has(each.kind) && each.name,
  );
  // A namespace is theirs where pods stand in it.
  const homes = companions.filter(
    each => each.namespace !== undefined && (podTemplate(each) || each.kind === 'Service'),
  );
  const [home] = homes;
  if (!home) return [];
  const only = new Set(homes.map(each => each.namespace)).size === 1;
  return companions
    .filter(each => each.namespace === undefined)
    .map(object => ({
      at: placeOf(at(object.root, 'metadata') ?? object.root),
      message: `${titled(object)} names no namespace, and ${titled(home)} beside it stands in ${home.namespace}`,
      related: [
        {
          ...placeOf(at(home.root, 'metadata', 'namespace') ?? home.root),
          message: `namespace: ${home.namespace}`,
        },
      ],
      edits: only
        ? lineAbove(entryOf(at(object.root, 'metadata'), 'name'), `namespace: ${home.namespace}`)
        : [],
    }));
}

/** A namespace that the command names, or the context, is that of every object that names none. */
const isChosenOutside = ({ of }: Context): boolean =>
  of('shell').some(({ body }) =>
    body.commands.map(unwrapped).some(command => {
      const words = command.words.map(each => each.value ?? each.raw);
      return (
        /^(?:kubectl|oc|kubens)$/.test(nameOf(command)) &&
        (nameOf(command) === 'kubens' ||
          (words.some(each => /^(?:apply|create|replace|set-context)$/.test(each)) &&
            words.some(each => /^(?:-n|--namespace)(?:=|$)/.test(each))))
      );
    }),
  );
