import type { Rule } from '../../rule.ts';
import { forwarding } from './forwarding.ts';

export const RSYSLOG: readonly Rule[] = [forwarding];
