import type { Obstacle } from '../platforms/answer.ts';
import { failedToLook, type Observation } from './probe.ts';

/** A question by ssh takes a second or two of its own, and ten times that on a host at its limits. */
export const ASKING = 30_000;

/** Nobody could look: that says nothing of what is looked at. */
export const blocked = ({ why, next }: Obstacle, expected: string): Observation =>
  failedToLook({ observed: why, expected, next });
