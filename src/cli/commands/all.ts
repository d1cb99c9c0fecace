import type { Declaration } from '../command.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { init } from './init.ts';
import { releases } from './releases.ts';
import { render } from './render.ts';
import { rollback } from './rollback.ts';
import { schema } from './schema.ts';
import { verify } from './verify.ts';

/** In the order of the help. */
export const COMMANDS: readonly Declaration[] = [
  init,
  render,
  check,
  explain,
  verify,
  deploy,
  rollback,
  releases,
  demo,
  doctor,
  schema,
  completion,
];
