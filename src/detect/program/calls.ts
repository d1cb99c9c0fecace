import type { Node } from '../../syntax/tree.ts';
import type { CallSite, SourceFile } from './facts.ts';

/** The call whose node this is. */
export function callAt(node: Node, file: SourceFile): CallSite | undefined {
  let index = callIndexes.get(file);
  if (!index) {
    index = new Map(file.calls.map(call => [call.node.id, call]));
    callIndexes.set(file, index);
  }
  return index.get(node.id);
}

const callIndexes = new WeakMap<SourceFile, Map<number, CallSite>>();

export function calleeNode(call: CallSite): Node {
  return call.node.childForFieldName('function') ?? call.node.childForFieldName('constructor') ?? call.node;
}
