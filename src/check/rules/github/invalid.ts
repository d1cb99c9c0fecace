import type { Rule } from '../../rule.ts';
import { expressionFaults } from '../../workflow/expressions.ts';
import { needFaults } from '../../workflow/needs.ts';
import { undocumentedSecrets } from '../../workflow/secrets.ts';
import { triggerFaults } from '../../workflow/triggers.ts';

export const invalid: Rule = {
  id: 'github/invalid',
  severity: 'error',
  title: 'a workflow that cannot start, or fills in nothing where it names something',
  why: 'A workflow with a wrong trigger never runs, one with a wrong expression is refused, and what a wrong name leads to is empty: the deploy goes on with an image, a key or a condition that is not there.',
  fix: 'Name what is there: an event, a context that the key knows, a job that is waited for, an output that it declares.',
  fixable: 'no',
  example: {
    bad: 'needs: build\nenv: {TAG: "${{ needs.images.outputs.tag }}"}',
    good: 'needs: images\nenv: {TAG: "${{ needs.images.outputs.tag }}"}',
  },
  check: context => {
    const all = context.of('workflow');
    return [
      ...all.flatMap(document => [
        ...triggerFaults(document),
        ...needFaults(document, all, context),
        ...expressionFaults(document, all),
      ]),
      ...(context.closed ? undocumentedSecrets(context) : []),
    ];
  },
};
