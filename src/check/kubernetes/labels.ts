import { at, entriesOf, itemsOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';

/** The value of a label of something. */
export type Labels = (key: string) => string | undefined;

export const labelOf =
  (node: YamlNode | undefined): Labels =>
  key =>
    textOfNode(at(node, 'metadata', 'labels', key));

const isBare = (selector: YamlNode | undefined): boolean =>
  !at(selector, 'matchLabels') && !at(selector, 'matchExpressions');

/** The labels that a selector asks for by value: `matchLabels`, or those of a Service, which stand bare. */
export const pairsOf = (selector: YamlNode | undefined): readonly (readonly [string, string])[] =>
  entriesOf(isBare(selector) ? selector : at(selector, 'matchLabels')).flatMap(({ key, value }) => {
    const text = textOfNode(value);
    return text === undefined ? [] : [[key.source, text] as const];
  });

/** An empty selector takes everything; that of a Service nothing, which its rules look at themselves. */
export const isEmpty = (selector: YamlNode | undefined): boolean =>
  pairsOf(selector).length === 0 && itemsOf(at(selector, 'matchExpressions')).length === 0;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
export function fits(selector: YamlNode | undefined, labels: Labels): boolean {
  if (pairsOf(selector).some(([key, value]) => labels(key) !== value)) return false;
  return itemsOf(at(selector, 'matchExpressions')).every(item => {
    const own = labels(textOfNode(at(item, 'key')) ?? '');
    const values = itemsOf(at(item, 'values')).map(textOfNode);
    switch (textOfNode(at(item, 'operator'))) {
      case 'In':
        return own !== undefined && values.includes(own);
      case 'NotIn':
        return own === undefined || !values.includes(own);
      case 'Exists':
        return own !== undefined;
      default:
        return own === undefined;
    }
  });
}
