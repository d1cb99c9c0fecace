import type { Rule } from '../../rule.ts';
import { grantNoEffect } from './grant-no-effect.ts';
import { grantsIncomplete } from './grants-incomplete.ts';
import { sessionSetting } from './session-setting.ts';
import { tooMuchPower } from './too-much-power.ts';

export const SQL: readonly Rule[] = [grantNoEffect, grantsIncomplete, sessionSetting, tooMuchPower];
