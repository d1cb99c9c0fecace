import { withoutScratch } from '../../containers/scratch.ts';
import type { Rule } from '../../rule.ts';

export const readOnlyNoScratch: Rule = {
  id: 'cross/read-only-no-scratch',
  severity: 'error',
  title: 'a read-only root file system, and nowhere for what the server has to write',
  why: 'Servers keep signs of life, parts of uploads and caches in temporary files. On a read-only root without a place for them they do not start, or fail at the first large request.',
  fix: 'Mount a tmpfs (compose) or an emptyDir (Kubernetes) at /tmp, or where the server writes.',
  fixable: 'safe',
  example: { bad: 'read_only: true', good: 'read_only: true\ntmpfs: [/tmp]' },
  check: withoutScratch,
};
