import type { Rule } from '../../rule.ts';
import { invalidFirewall } from './invalid.ts';
import { openBackend } from './open-backend.ts';

export const UFW: readonly Rule[] = [invalidFirewall, openBackend];
