import type { Place } from '../../artifacts/text.ts';
import { at, itemsOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';
import { clustersOf } from '../kubernetes/cluster.ts';
import { durationOf } from './jobs.ts';

/** An alert or a recording. */
export interface PrometheusRule {
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly expression: string;
  readonly at: Place;
  readonly node: YamlNode;
  /** How often it is evaluated, where its group says so. */
  readonly interval: number | undefined;
  /** An operator loads it: what is scraped is not said by a file. */
  readonly operated: boolean;
}

/** Every rule of the set, in files and in objects of the operator. */
export const rulesIn = (context: Context): readonly PrometheusRule[] => [
  ...context.of('prometheus-rules').flatMap(({ body }) => groupsIn(body, false)),
  ...clustersOf(context).flatMap(cluster =>
    cluster.of('PrometheusRule').flatMap(each => groupsIn(at(each.root, 'spec'), true)),
  ),
];

const groupsIn = (root: YamlNode | undefined, operated: boolean): readonly PrometheusRule[] =>
  itemsOf(at(root, 'groups')).flatMap(group =>
    itemsOf(at(group, 'rules')).flatMap(node => {
      const kind = at(node, 'alert') ? 'alert' : 'record';
      const [name, expression] = [textOfNode(at(node, kind)), at(node, 'expr')];
      const interval = durationOf(at(group, 'interval'));
      return name && expression
        ? [
            {
              kind,
              name,
              expression: textOfNode(expression) ?? '',
              at: placeOf(expression),
              node,
              interval,
              operated,
            } as const,
          ]
        : [];
    }),
  );
