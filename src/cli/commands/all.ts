import type { Declaration } from '../command.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { render } from './render.ts';

/** In the order of the help. */
export const COMMANDS: readonly Declaration[] = [render, doctor, completion];
