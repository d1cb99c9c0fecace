import { buildProblems } from './consistency/build.ts';
import { capacityProblems } from './consistency/capacity.ts';
import { cloudRunProblems } from './consistency/cloudrun.ts';
import type { Contradiction } from './consistency/contradiction.ts';
import { databaseProblems } from './consistency/database.ts';
import { dependencyProblems } from './consistency/dependencies.ts';
import { kubernetesProblems } from './consistency/kubernetes.ts';
import { portProblems } from './consistency/ports.ts';
import { referenceProblems } from './consistency/references.ts';
import { secretProblems } from './consistency/secrets.ts';
import { shapeProblems } from './consistency/shape.ts';
import { targetProblems } from './consistency/targets.ts';
import { timeProblems } from './consistency/time.ts';
import type { Config } from './schema/config.ts';

/** Each looks at one matter over the whole, schema-valid configuration. */
const MATTERS: readonly ((config: Config, environment?: string) => Contradiction[])[] = [
  shapeProblems,
  buildProblems,
  dependencyProblems,
  portProblems,
  timeProblems,
  capacityProblems,
  secretProblems,
  referenceProblems,
  databaseProblems,
  targetProblems,
  kubernetesProblems,
  cloudRunProblems,
];

export const findContradictions = (config: Config, environment?: string): Contradiction[] =>
  MATTERS.flatMap(matter => matter(config, environment));
