import type { Rule } from '../../rule.ts';
import { workersOfHost } from './host-cpus.ts';
import { workerRecycling } from './recycling.ts';
import { workerClass } from './worker-class.ts';

export const GUNICORN: readonly Rule[] = [workersOfHost, workerRecycling, workerClass];
