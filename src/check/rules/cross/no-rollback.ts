import { overwritten, withoutReturn } from '../../commands/returns.ts';
import { wordsOf } from '../../commands/verdicts.ts';
import type { Rule } from '../../rule.ts';

export const noRollback: Rule = {
  id: 'cross/no-rollback',
  severity: 'warning',
  title: 'a deploy that nothing takes back',
  why: 'A bad release is found minutes after it is live. Without a written way to the one before, somebody builds it anew while the service is down, or finds that its only copy was overwritten.',
  fix: 'Record what ran, and write the way back beside the way forth: `kubectl rollout undo`, `helm rollback`, the former revision or tag; give every build a tag of its own.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: '# deploy\nkubectl apply -k overlays/production',
    good: '# deploy\nkubectl apply -k overlays/production\n# rollback\nkubectl rollout undo deployment/api',
  },
  check: context => [
    ...withoutReturn(context).map(({ call, platform }) => ({
      at: call.at,
      message: `${wordsOf(call)} deploys to ${platform}, and nothing here returns to the release before`,
    })),
    ...overwritten(context).map(({ call, image }) => ({
      at: call.at,
      message: `each build takes the name ${image} from the one before, the only one that could be gone back to`,
    })),
  ],
};
