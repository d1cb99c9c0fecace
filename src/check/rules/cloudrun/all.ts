import type { Rule } from '../../rule.ts';
import { capacity } from './capacity.ts';
import { floatingSecret } from './floating-secret.ts';
import { identity } from './identity.ts';
import { invalidCommand } from './invalid.ts';
import { onePort } from './one-port.ts';
import { publicService } from './public.ts';
import { straightToLive } from './straight-to-live.ts';

export const CLOUDRUN: readonly Rule[] = [
  capacity,
  floatingSecret,
  identity,
  invalidCommand,
  onePort,
  publicService,
  straightToLive,
];
