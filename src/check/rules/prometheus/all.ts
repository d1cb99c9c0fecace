import type { Rule } from '../../rule.ts';
import { badMetrics } from './bad-metrics.ts';
import { neverFires } from './never-fires.ts';
import { noRules } from './no-rules.ts';

export const PROMETHEUS: readonly Rule[] = [badMetrics, neverFires, noRules];
