import { backup } from './backup/index.ts';
import { build } from './build/index.ts';
import { cloudrun } from './cloudrun/index.ts';
import { compose } from './compose/index.ts';
import { database } from './database/index.ts';
import { docker } from './docker/index.ts';
import { env } from './env/index.ts';
import { github } from './github/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { monitoring } from './monitoring/index.ts';
import { nginx } from './nginx/index.ts';
import { runbook } from './runbook/index.ts';
import { systemd } from './systemd/index.ts';
import type { Target } from './target.ts';
import { windows } from './windows/index.ts';

/** Alphabetical. */
export const TARGETS: readonly Target[] = [
  backup,
  build,
  cloudrun,
  compose,
  database,
  docker,
  env,
  github,
  kubernetes,
  monitoring,
  nginx,
  runbook,
  systemd,
  windows,
];
