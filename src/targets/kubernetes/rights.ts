import { CLEARED, NEVER_CLEARED } from '../../model/cluster.ts';
import { ownDatabase } from '../../model/companions.ts';
import type { Model } from '../../model/model.ts';
import type { KubeObject } from './object.ts';
import { patchedObjects } from './patched.ts';
import { secretsNamedBy } from './secret-names.ts';

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Right {
  readonly why: string;
  readonly rules: readonly Rule[];
}

/** What deploys, rollbacks and looks at them ask of the API server, and what for. */
export function rightsOf(model: Model): Right[] {
  const objects = patchedObjects(model).map(({ object }) => object);
  const isKept = ({ kind }: Named) => NEVER_CLEARED.includes(kind);
  const cleared = [...CLEARED, ...objects].filter(each => !isKept(each));
  const secrets = secretsNamedBy(objects.filter(hasPods)).map(({ name }) => name);
  const certificates = objects.flatMap(certificatesOf);
  return [
    {
      why: 'What a release is made of, until another has it no more.',
      rules: rulesFor(cleared, ['get', 'list', 'create', 'patch', 'delete']),
    },
    {
      why: 'Data outlives every release.',
      rules: rulesFor(objects.filter(isKept), ['get', 'create', 'patch']),
    },
    {
      why: 'Which rules its pods have to meet.',
      rules: [rule('', ['namespaces'], ['get', 'patch'], [model.namespace])],
    },
    {
      why: 'The record, beside what is said of ConfigMaps above.',
      rules: [rule('', ['configmaps'], ['update'])],
    },
    {
      why: 'Who is at work.',
      rules: [rule('coordination.k8s.io', ['leases'], ['get', 'create', 'update', 'delete'])],
    },
    {
      why: 'How a rollout goes, and why it does not.',
      rules: [
        rule('', ['events', 'pods'], ['list']),
        rule('', ['pods/log'], ['get']),
        rule('apps', ['controllerrevisions', 'replicasets'], ['list']),
        rule('discovery.k8s.io', ['endpointslices'], ['list']),
      ],
    },
    {
      why: 'A StatefulSet waits for a broken pod for ever.',
      rules: objects.some(({ kind }) => kind === 'StatefulSet') ? [rule('', ['pods'], ['delete'])] : [],
    },
    {
      why: 'A database that was restored is of a time before its migrations.',
      rules: ownDatabase(model) ? [rule('batch', ['jobs'], ['deletecollection'])] : [],
    },
    {
      why: 'Whether they are there, and which version; until when a certificate holds.',
      rules: [
        ...rulesNaming([...new Set([...secrets, ...certificates])]),
        ...(certificates.length > 0 ? [rule('cert-manager.io', ['certificates'], ['get'])] : []),
      ],
    },
  ];
}

const rule = (
  group: string,
  resources: readonly string[],
  verbs: readonly string[],
  resourceNames?: readonly string[],
): Rule => ({ apiGroups: [group], resources, ...(resourceNames && { resourceNames }), verbs });

/** Without a name it would be all of them. */
const rulesNaming = (secrets: readonly string[]): Rule[] =>
  secrets.length > 0 ? [rule('', ['secrets'], ['get'], secrets)] : [];

type Named = Pick<KubeObject, 'apiVersion' | 'kind'>;

/** One for each group of kinds. */
function rulesFor(kinds: readonly Named[], verbs: readonly string[]): Rule[] {
  const groups = [...new Set(kinds.map(groupOf))];
  return groups.map(group => {
    const resources = kinds.filter(each => groupOf(each) === group).map(({ kind }) => resourceOf(kind));
    return rule(group, [...new Set(resources)].sort(), verbs);
  });
}

const groupOf = ({ apiVersion }: Named): string => apiVersion.replace(/\/?[^/]*$/, '');

/** As kubectl guesses it: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/meta#UnsafeGuessKindToResource */
const resourceOf = (kind: string): string =>
  kind.toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se').concat('s');

const hasPods = ({ apiVersion }: KubeObject): boolean => /^(?:apps|batch)\//.test(apiVersion);

/** `verify` says how long the certificate of an Ingress still holds. */
function certificatesOf({ kind, spec }: KubeObject): string[] {
  if (kind !== 'Ingress') return [];
  const { tls = [] } = spec as { tls?: readonly { readonly secretName?: string }[] };
  return tls.flatMap(({ secretName }) => secretName ?? []);
}
