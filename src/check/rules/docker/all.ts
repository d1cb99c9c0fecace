import type { Rule } from '../../rule.ts';
import { binaryFails } from './binary-fails.ts';
import { buildContext } from './context.ts';
import { shellForm } from './shell-form.ts';

export const DOCKER: readonly Rule[] = [binaryFails, buildContext, shellForm];
