import { postRetries } from '../../retries.ts';
import type { Rule } from '../../rule.ts';

export const retriesPosts: Rule = {
  id: 'nginx/retries-posts',
  severity: 'warning',
  title: 'calls to a model that the proxy makes again',
  why: 'With non_idempotent nginx sends a POST to the next server after an error or timeout, although the first one may still work on it: the answer is generated, and paid for, twice.',
  fix: 'Leave non_idempotent out in locations that lead to a model.',
  fixable: 'safe',
  example: {
    bad: 'proxy_next_upstream error timeout non_idempotent;',
    good: 'proxy_next_upstream error timeout;',
  },
  check: postRetries,
};
