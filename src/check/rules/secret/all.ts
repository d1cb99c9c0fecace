import type { Rule } from '../../rule.ts';
import { literal } from './literal.ts';

export const SECRET: readonly Rule[] = [literal];
