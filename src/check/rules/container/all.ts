import type { Rule } from '../../rule.ts';
import { privileges } from './privileges.ts';
import { state } from './state.ts';
import { toolMissing } from './tool-missing.ts';

export const CONTAINER: readonly Rule[] = [privileges, state, toolMissing];
