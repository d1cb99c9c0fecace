import type { Rule } from '../rule.ts';
import { stopCutsDrain } from './cross/stop-cuts-drain.ts';
import { encoding } from './file/encoding.ts';
import { skipped } from './file/skipped.ts';
import { unreadable } from './file/unreadable.ts';
import { floating } from './image/floating.ts';

export const RULES: readonly Rule[] = [stopCutsDrain, encoding, skipped, unreadable, floating];
