import { imperativeScales } from '../../commands/scaling.ts';
import type { Rule } from '../../rule.ts';

export const imperativeScale: Rule = {
  id: 'script/imperative-scale',
  severity: 'warning',
  title: 'a number of replicas that another file sets back',
  why: 'The next apply restores the number of the manifest, and an autoscaler its own within seconds: the capacity that somebody added at night is gone without a word. One replica is an outage at every restart.',
  fix: 'Change the number in the manifest, or the bounds of the HorizontalPodAutoscaler; keep two replicas in production.',
  fixable: 'no',
  example: {
    bad: 'kubectl scale deployment/api --replicas=5',
    good: 'kubectl patch hpa/api -p \'{"spec":{"minReplicas":5}}\'',
  },
  check: imperativeScales,
};
