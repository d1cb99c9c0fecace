import { expressionsIn, type Placed } from '../../../artifacts/workflow/expressions.ts';
import type { Workflow } from '../../../artifacts/workflow/workflow.ts';
import type { Finding, Rule } from '../../rule.ts';
import { asVariable, isForeign } from '../../workflow/event-text.ts';
import { forks } from '../../workflow/forks.ts';

export const injection: Rule = {
  id: 'github/injection',
  severity: 'error',
  title: 'a workflow that runs what a stranger wrote',
  why: 'An expression is filled in before the shell reads the script: a title such as `"; curl ... | sh; "` is a command then, and runs with the token and the secrets of the job. A privileged event that checks out the fork runs its code with them.',
  fix: 'Give the text to the step as a variable (env:) and write "$NAME" in the script; build what a fork brings in a pull_request workflow, which has no secrets.',
  fixable: 'unsafe',
  example: {
    bad: 'run: echo "${{ github.event.issue.title }}"',
    good: 'env: {TITLE: "${{ github.event.issue.title }}"}\nrun: echo "$TITLE"',
  },
  check: context =>
    context
      .of('workflow')
      .flatMap(({ body }) => [...texts(body), ...body.jobs.flatMap(job => forks(body, job))]),
};

const isScript = ({ path }: Placed): boolean =>
  path[2] === 'steps' && (path[4] === 'run' || /^(?:script|inlineScript)$/.test(path[5] ?? ''));

function texts({ root, jobs }: Workflow): Finding[] {
  return expressionsIn(root)
    .filter(isScript)
    .flatMap(placed => {
      const job = jobs.find(each => each.id.source === placed.path[1]);
      const step = job?.steps[Number(placed.path[3])];
      const foreign = placed.references.filter(
        each => !each.asked && isForeign(each, [step, job?.node, root]),
      );
      return foreign.map((reference): Finding => {
        const edits = step && job ? asVariable(placed, reference, [step, job.node, root]) : [];
        return {
          at: placed.text.place(placed.start + reference.start),
          message: `whoever writes ${reference.raw} writes a part of this script`,
          ...(edits.length > 0 ? { edits } : {}),
        };
      });
    });
}
