import { judgedHealth } from '../../containers/health.ts';
import type { Rule } from '../../rule.ts';

export const weakHealth: Rule = {
  id: 'compose/weak-health',
  severity: ['warning', 'info'],
  title: 'a service that others count on, and nobody asks whether it works',
  why: 'Without a check docker only knows that the process runs: what depends on it starts too early and fails at its first query, and a service that hangs is never noticed.',
  fix: 'Give it a healthcheck in the image or in compose, and let dependents wait by condition: service_healthy.',
  fixable: 'no',
  example: {
    bad: 'depends_on: [db]',
    good: 'depends_on: { db: { condition: service_healthy } }',
  },
  check: judgedHealth,
};
