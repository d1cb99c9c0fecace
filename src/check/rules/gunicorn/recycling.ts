import type { Rule } from '../../rule.ts';
import { recycling } from '../../workers.ts';

export const workerRecycling: Rule = {
  id: 'gunicorn/recycling',
  severity: 'warning',
  title: 'workers that are replaced all at once, or in the middle of a stream',
  why: 'Requests are spread evenly, so workers without jitter reach their limit together and the service has none for a while. A worker that is replaced ends its streams after graceful_timeout.',
  fix: 'Set max_requests_jitter to a tenth of max_requests, and graceful_timeout above the longest stream.',
  fixable: 'safe',
  example: { bad: 'max_requests = 1000', good: 'max_requests = 1000\nmax_requests_jitter = 100' },
  check: recycling,
};
