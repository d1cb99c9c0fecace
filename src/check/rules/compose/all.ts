import type { Rule } from '../../rule.ts';
import { blankVariable } from './blank-variable.ts';
import { storePublished } from './store-published.ts';
import { weakHealth } from './weak-health.ts';

export const COMPOSE: readonly Rule[] = [blankVariable, storePublished, weakHealth];
