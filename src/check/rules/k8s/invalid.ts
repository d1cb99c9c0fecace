import { objectSets } from '../../../artifacts/kubernetes/kustomize.ts';
import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { placeOf, type YamlNode } from '../../../artifacts/yaml.ts';
import { admissionFaults } from '../../admission/object.ts';
import { isPartial, isWritten, titled } from '../../admission/origin.ts';
import { twice } from '../../admission/twice.ts';
import type { Context } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { isKnownKind, schemaFaults } from '../../schemas/kubernetes.ts';

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

function refused(object: KubernetesObject, minor: number | undefined): readonly Finding[] {
  const partial = isPartial(object);
  const unfit = schemaFaults(object, { minor, partial });
  const further = partial || !isKnownKind(object) ? [] : admissionFaults(object);
  // What a field under a wrong name causes in the value around it is not told again.
  const faults = [...unfit, ...further.filter(each => !unfit.some(other => isWithin(other.at, each.at)))];
  return faults.map(({ at: node, message }) => ({
    at: placeOf(node),
    message: `${titled(object)}: ${message}`,
  }));
}

const isWithin = (inner: YamlNode, outer: YamlNode): boolean =>
  inner.text === outer.text && inner.start >= outer.start && inner.end <= outer.end;
