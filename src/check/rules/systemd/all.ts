import type { Rule } from '../../rule.ts';
import { environment } from './environment.ts';
import { invalidUnit } from './invalid.ts';
import { ordering } from './ordering.ts';
import { sandbox } from './sandbox.ts';
import { strictPaths } from './strict-paths.ts';

export const SYSTEMD: readonly Rule[] = [environment, invalidUnit, ordering, sandbox, strictPaths];
