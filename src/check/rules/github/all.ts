import type { Rule } from '../../rule.ts';
import { injection } from './injection.ts';
import { invalid } from './invalid.ts';
import { permissions } from './permissions.ts';
import { ungatedDeploy } from './ungated-deploy.ts';
import { unpinnedAction } from './unpinned-action.ts';

export const GITHUB: readonly Rule[] = [injection, invalid, permissions, ungatedDeploy, unpinnedAction];
