import type { Rule } from '../../rule.ts';
import { badUrl } from './bad-url.ts';
import { databaseTls } from './database-tls.ts';
import { parserDiffers } from './parser-differs.ts';

export const ENV: readonly Rule[] = [badUrl, databaseTls, parserDiffers];
