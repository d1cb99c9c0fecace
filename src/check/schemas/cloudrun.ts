import type { Document } from '../../artifacts/document.ts';
import { at, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';
import { familyOf } from './load.ts';
import { faultsOf } from './validate.ts';

/**
 * Manifests by the schema of Knative, whose Service Cloud Run took over and adds to.
 * https://cloud.google.com/run/docs/reference/yaml/v1
 */
export function cloudRunFaults({ body, text }: Document<'cloudrun'>): readonly Finding[] {
  const knative = familyOf('knative');
  return body.flatMap(root => {
    const [apiVersion, kind] = ['apiVersion', 'kind'].map(key => textOfNode(at(root, key)));
    const id = `${apiVersion} ${kind}`;
    const [shape] = (Object.hasOwn(knative.kinds, id) && knative.kinds[id]) || [];
    const name = textOfNode(at(root, 'metadata', 'name'));
    return shape === undefined
      ? []
      : // A guide shows a part of it.
        faultsOf(knative, shape, root, { grows: true, partial: text.within !== undefined }).map(
          ({ at: node, message }) => ({
            at: placeOf(node),
            message: `${name ? `${kind} ${name}` : kind}: ${message}`,
          }),
        );
  });
}
