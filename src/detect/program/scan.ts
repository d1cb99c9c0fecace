import type { Node, Tree } from '../../syntax/tree.ts';
import type { Binding, CallSite, FunctionDef, Literal, SourceFile, Syntax } from './facts.ts';

export function emptyFile(path: string, text: string, tree: Tree, syntax: Syntax): SourceFile {
  return {
    path,
    text,
    tree,
    syntax,
    functions: [],
    calls: [],
    bindings: [],
    strings: [],
    imports: [],
    envNodes: [],
  };
}

/** Says for every fact of a file in which function it stands. Facts and functions are in the order of the text. */
export function placeInFunctions(file: SourceFile): void {
  file.functions.sort((a, b) => a.node.startIndex - b.node.startIndex || b.node.endIndex - a.node.endIndex);
  const spans = file.functions.map(fn => ({ fn, start: fn.node.startIndex, end: fn.node.endIndex }));
  const innermost = (facts: { node: Node; fn?: FunctionDef | undefined }[]) => {
    facts.sort((a, b) => a.node.startIndex - b.node.startIndex);
    const open: typeof spans = [];
    let next = 0;
    for (const fact of facts) {
      const at = fact.node.startIndex;
      for (let span = spans[next]; span && span.start <= at; span = spans[++next]) open.push(span);
      while (open.length > 0 && (open.at(-1)?.end ?? 0) <= at) open.pop();
      // A closed span may lie below one that is still open only if it was pushed later, so the top is the innermost.
      fact.fn = open.at(-1)?.fn;
    }
  };
  innermost(file.calls satisfies CallSite[]);
  innermost(file.bindings satisfies Binding[]);
  innermost(file.strings satisfies Literal[]);
  innermost(file.envNodes);
  const parents: typeof spans = [];
  for (const span of spans) {
    while (parents.length > 0 && (parents.at(-1)?.end ?? 0) <= span.start) parents.pop();
    span.fn.parent = parents.at(-1)?.fn;
    parents.push(span);
  }
}

/** A number written as arithmetic: `1 << 20`, `10 * 1024 * 1024`, `30_000`. */
export function arithmetic(text: string): number | undefined {
  const plain = text.replace(/_/g, '').replace(/\s+/g, '');
  if (!/^[\d.()*+<]+$/.test(plain) || plain.length > 60) return undefined;
  const shift = plain.split('<<').map(product);
  if (shift.some(part => part === undefined)) return undefined;
  return shift.slice(1).reduce<number>((value, by) => value * 2 ** (by ?? 0), shift[0] ?? 0);
}

function product(text: string): number | undefined {
  const factors = text.replace(/[()]/g, '').split('*').map(Number);
  return factors.every(Number.isFinite) && !text.includes('+') && text !== ''
    ? factors.reduce((a, b) => a * b, 1)
    : undefined;
}
