import type { Rule } from '../../rule.ts';
import { faultOf } from '../../suppress.ts';

export const suppression: Rule = {
  id: 'file/suppression',
  severity: 'warning',
  title: 'a comment that ignores a finding without reason, past its day, or of no rule',
  why: 'Nobody can tell later whether the finding was weighed or only silenced, and what was meant to hold for a month holds for ever.',
  fix: 'Name the rule and say why: `# aideploy-ignore image/floating mirrored and pinned by the registry until 2027-01-31`.',
  fixable: 'no',
  example: {
    bad: 'image: redis   # aideploy-ignore image/floating',
    good: 'image: redis   # aideploy-ignore image/floating the mirror serves one version',
  },
  check: ({ suppressions, ruleIds, today }) =>
    suppressions.flatMap(each => {
      const message = faultOf(each, ruleIds, today);
      return message ? [{ at: each.at, message }] : [];
    }),
};
