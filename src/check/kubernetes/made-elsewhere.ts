import { at, itemsOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';
import { clustersOf } from './cluster.ts';
import type { Reference } from './references.ts';

/** What is made by other objects than those of its own name, or by a command. */
export interface Known {
  isMade(kind: Reference['kind'], name: string): boolean;
}

/** What the cluster, or a mesh, puts into every namespace. */
const GIVEN = /^(?:kube-root-ca\.crt|istio-ca-root-cert|openshift-service-ca\.crt)$/;

export function knownIn(context: Context): Known {
  const objects = clustersOf(context).flatMap(each => each.objects);
  const secrets = new Set(
    objects.flatMap(({ kind, name, root }) => {
      const spec = at(root, 'spec');
      if (kind === 'ExternalSecret' || kind === 'SealedSecret')
        return [
          textOfNode(at(spec, 'target', 'name')) ??
            textOfNode(at(spec, 'template', 'metadata', 'name')) ??
            name,
        ];
      if (kind === 'Certificate') return [textOfNode(at(spec, 'secretName'))];
      if (kind === 'SecretProviderClass')
        return itemsOf(at(spec, 'secretObjects')).map(each => textOfNode(at(each, 'secretName')));
      if (kind === 'Ingress') return itemsOf(at(spec, 'tls')).map(each => textOfNode(at(each, 'secretName')));
      return kind === 'Secret' ? [name] : [];
    }),
  );
  const names = new Set(objects.map(({ kind, name }) => `${kind} ${name}`));
  // Operators call their secrets after what they are for: db-app, db-credentials.
  const custom = objects.filter(each => each.apiVersion.includes('.')).flatMap(each => each.name ?? []);
  const said = (name: string) => spoken(context).some(text => text.includes(name));
  const managed = secrets.size > 0 || spoken(context).some(text => /create\s+secret\s/.test(text));
  return {
    isMade: (kind, name) => {
      if (names.has(`${kind} ${name}`) || GIVEN.test(name) || said(name)) return true;
      if (kind !== 'Secret') return kind === 'ConfigMap' && custom.some(each => name.startsWith(`${each}-`));
      // Where no secret is made here at all they are made by hand, or by what is not seen.
      return !managed || secrets.has(name) || custom.some(each => name.startsWith(`${each}-`));
    },
  };
}

/** Texts in which people and scripts say what they make. */
export const spoken = ({ documents }: Context): readonly string[] =>
  documents
    .filter(each => /^(?:shell|markdown|cmd|powershell|workflow)$/.test(each.kind))
    .map(each => each.text.content);
