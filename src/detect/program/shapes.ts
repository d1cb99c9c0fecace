import type { Node, Tree } from '../../syntax/tree.ts';
import type { Shape } from './facts.ts';

/** Following names comes back to the same expressions again and again, and reading a node's form is the costly part. */
export function remembered(shapeOf: (node: Node) => Shape): (node: Node) => Shape {
  const trees = new WeakMap<Tree, Map<number, Shape>>();
  return node => {
    let shapes = trees.get(node.tree);
    if (!shapes) {
      shapes = new Map();
      trees.set(node.tree, shapes);
    }
    let shape = shapes.get(node.id);
    if (!shape) {
      shape = shapeOf(node);
      shapes.set(node.id, shape);
    }
    return shape;
  };
}
