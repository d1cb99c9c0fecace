import type { Model } from '../../model/model.ts';
import { labels } from './names.ts';
import type { KubeObject, Manifest } from './object.ts';
import { type Rule, rightsOf } from './rights.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** The account that `aideploy deploy` and `rollback` need: what they ask of one namespace, and no more. */
export function deployer(model: Model): Manifest[] {
  const { namespace } = model;
  const name = `${model.name}-deployer`;
  const metadata = { name, namespace, labels: labels(model, name, 'deployer') };
  const rights = rightsOf(model).filter(({ rules }) => rules.length > 0);
  const rules = rights.flatMap(right => right.rules);
  const notes = rights.map(right => [`/rules/${rules.indexOf(right.rules[0] as Rule)}/resources`, right.why]);
  const objects: KubeObject[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
  return objects.map(object => ({
    file: 'deployer',
    object,
    ...(object.kind === 'Role' && { notes: Object.fromEntries(notes) }),
  }));
}
