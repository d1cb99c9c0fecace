import type { Rule } from '../../rule.ts';
import { noLimits } from './no-limits.ts';
import { restart } from './restart.ts';

export const RUNTIME: readonly Rule[] = [noLimits, restart];
