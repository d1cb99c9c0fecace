import type { Probe } from '../probe.ts';
import { live } from './live.ts';
import { ready } from './ready.ts';

/** Alphabetical. */
export const PROBES: readonly Probe[] = [live, ready];
