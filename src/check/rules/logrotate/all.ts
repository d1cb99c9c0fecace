import type { Rule } from '../../rule.ts';
import { inodeKept } from './inode-kept.ts';

export const LOGROTATE: readonly Rule[] = [inodeKept];
