import { compose } from './compose/index.ts';
import { dockerfile } from './dockerfile/index.ts';
import type { AnyKind } from './document.ts';
import { kubernetes } from './kubernetes/index.ts';

export const KINDS: readonly AnyKind[] = [compose, dockerfile, kubernetes];
