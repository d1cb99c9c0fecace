import type { Rule } from '../../rule.ts';
import { floating } from './floating.ts';

export const IMAGE: readonly Rule[] = [floating];
