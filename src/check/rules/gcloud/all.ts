import type { Rule } from '../../rule.ts';
import { regionalNodes } from './regional-nodes.ts';

export const GCLOUD: readonly Rule[] = [regionalNodes];
