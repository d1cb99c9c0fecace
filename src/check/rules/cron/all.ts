import type { Rule } from '../../rule.ts';
import { job } from './job.ts';

export const CRON: readonly Rule[] = [job];
