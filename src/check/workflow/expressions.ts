import type { Document } from '../../artifacts/document.ts';
import { expressionsIn, isCondition, type Placed } from '../../artifacts/workflow/expressions.ts';
import type { Finding } from '../rule.ts';
import { callFault } from './calls.ts';
import { referenceFault } from './references.ts';

type WorkflowDocument = Document<'workflow'>;

/** Expressions that GitHub refuses, or in which something leads nowhere. */
export function expressionFaults(document: WorkflowDocument, all: readonly WorkflowDocument[]): Finding[] {
  return expressionsIn(document.body.root).flatMap(placed => {
    const { text, start, fault, references, calls } = placed;
    const found = (offset: number, message: string): Finding => ({
      at: text.place(start + offset),
      message,
    });
    if (fault) return [found(fault.offset, `an expression that GitHub refuses: ${fault.message}`)];
    return [
      ...references.flatMap(reference => {
        const why = referenceFault(document, all, placed, reference);
        return why ? [found(reference.start, why)] : [];
      }),
      ...calls.flatMap(call => {
        const why = callFault(placed, call);
        return why ? [found(call.start, why)] : [];
      }),
      ...alwaysTrue(placed),
    ];
  });
}

/** What stands beside the braces makes a text of the condition, and no text but an empty one is false. */
function alwaysTrue({ path, braced, node, text, start, end }: Placed): Finding[] {
  if (!braced || !isCondition(path) || text.content.indexOf('${{') !== start - 3) return [];
  const around = (text.content.slice(0, start - 3) + text.content.slice(end + 2)).trim();
  const what = around || (String(node.value).endsWith('\n') ? 'a line break' : '');
  if (what === '') return [];
  return [
    { at: text.place(0), message: `a condition that is always true: ${what} stands beside the braces` },
  ];
}
