import type { Rule } from '../../rule.ts';
import { encoding } from './encoding.ts';
import { obsolete } from './obsolete.ts';
import { placeholder } from './placeholder.ts';
import { skipped } from './skipped.ts';
import { suppression } from './suppression.ts';
import { unreadable } from './unreadable.ts';

export const FILE: readonly Rule[] = [encoding, obsolete, placeholder, skipped, suppression, unreadable];
