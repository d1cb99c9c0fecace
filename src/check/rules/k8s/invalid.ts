import { type ObjectSet, objectSets } from '../../../artifacts/kubernetes/kustomize.ts';
import { type KubernetesObject, podTemplate } from '../../../artifacts/kubernetes/object.ts';
import { at, entryOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import { known } from '../../admission/names.ts';
import { admissionFaults } from '../../admission/object.ts';
import type { Context } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { isKnownKind, isOwnGroup, schemaFaults } from '../../schemas/kubernetes.ts';

export const invalidObject: Rule = {
  id: 'k8s/invalid',
  severity: 'error',
  title: 'an object that the API server refuses',
  why: 'The API server takes all of an object or nothing: with an unknown field, a value of the wrong type, a required one that is absent or an API that its version no longer has, kubectl apply fails, often after other objects of the set have been applied.',
  fix: 'Write what the API reference of the kind asks for; `kubectl explain <kind>.<field>` shows it, `kubectl apply --dry-run=server` tries it.',
  fixable: 'no',
  example: {
    bad: 'spec:\n  containers:\n    - name: api\n      image: api:1.4.2\n      ports:\n        - port: 8080',
    good: 'spec:\n  containers:\n    - name: api\n      image: api:1.4.2\n      ports:\n        - containerPort: 8080',
  },
  check: ({ documents, model }: Context) => {
    const minor = minorOf(model?.targets.kubernetes?.version);
    return oncePerPlace(
      objectSets(documents).flatMap(set => [
        ...set.objects.filter(isWritten).flatMap(object => refused(object, minor)),
        ...twice(set),
      ]),
    );
  },
};

const minorOf = (version: string | undefined): number | undefined =>
  version === undefined ? undefined : Number(version.split('.')[1]);

/** What a kustomization generates is no text of anybody: its keys stand where its values do. */
function isWritten({ root }: KubernetesObject): boolean {
  const kind = entryOf(root, 'kind');
  return kind !== undefined && kind.key.start !== kind.value.start;
}

const subject = ({ kind, name }: KubernetesObject): string => (name ? `${kind} ${name}` : kind);

function refused(object: KubernetesObject, minor: number | undefined): readonly Finding[] {
  const partial = isPartial(object) || isExcerpt(object);
  const unfit = schemaFaults(object, { minor, partial });
  const further = partial || !isKnownKind(object) ? [] : admissionFaults(object);
  // What a field under a wrong name causes in the value around it is not told again.
  const faults = [...unfit, ...further.filter(each => !unfit.some(other => isWithin(other.at, each.at)))];
  return faults.map(({ at: node, message }) => ({
    at: placeOf(node),
    message: `${subject(object)}: ${message}`,
  }));
}

const isWithin = (inner: YamlNode, outer: YamlNode): boolean =>
  inner.text === outer.text && inner.start >= outer.start && inner.end <= outer.end;

/** A patch of something that is elsewhere: called so, with orders for the merge, or of pods without any image. */
function isPartial(object: KubernetesObject): boolean {
  const { root } = object;
  if (/patch/i.test(root.text.file) || entryOf(root, '$patch')) return true;
  const template = podTemplate(object);
  const containers = itemsOf(at(template, 'spec', 'containers'));
  return (
    template !== undefined &&
    template !== root &&
    !at(root, 'spec', 'selector') &&
    containers.every(container => !at(container, 'image'))
  );
}

/** A guide shows of an object what it speaks of: without a name, with dots for the rest, or of a kind that others define. */
function isExcerpt({ apiVersion, root }: KubernetesObject): boolean {
  const { text } = root;
  if (!text.within || !/\.(?:md|markdown)$/i.test(text.file)) return false;
  return (
    !isOwnGroup(apiVersion) || !at(root, 'metadata', 'name') || /(?:^|\s)(?:\.\.\.|…)/m.test(text.content)
  );
}

/** Within one kustomization, or one text: what stands in several files may be for several places. */
function twice({ objects, from }: ObjectSet): readonly Finding[] {
  const first = new Map<unknown, Map<string, KubernetesObject>>();
  return objects.filter(isWritten).flatMap(object => {
    const name = known(at(object.root, 'metadata', 'name'));
    if (name === undefined) return [];
    const scope = from ?? object.root.text;
    const group = object.apiVersion.replace(/\/?v\d\w*$/, '');
    const key = [group, object.kind, object.namespace ?? '', name].join(' ');
    const seen = first.get(scope) ?? new Map<string, KubernetesObject>();
    first.set(scope, seen);
    const other = seen.get(key);
    if (!other) seen.set(key, object);
    const same = other?.root.text === object.root.text && other.root.start === object.root.start;
    if (!other || same) return [];
    return [
      {
        at: placeOf(at(object.root, 'metadata', 'name') ?? object.root),
        message: `${subject(object)} is there twice; the later one replaces the other`,
        related: [
          {
            ...placeOf(at(other.root, 'metadata', 'name') ?? other.root),
            message: `${textOfNode(at(other.root, 'kind'))} ${name} for the first time`,
          },
        ],
      },
    ];
  });
}
