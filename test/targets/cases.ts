import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSources } from '../../src/cli/sources.ts';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import type { ProjectModel } from '../../src/model/model.ts';
import { EXAMPLES } from './examples.ts';

export const TEST_TARGETS = fileURLToPath(new URL('.', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** A configuration to render: a fixture, an example, or the own aideploy.yaml of a target's case. */
export interface Case {
  readonly name: string;
  readonly model: ProjectModel;
  /** The aideploy.yaml that it comes from. */
  readonly file: string;
}

/** Every fixture and example, and the same under each of its environments: `go-postgres`, `go-postgres@staging`. */
export const FIXTURE_CASES: readonly Case[] = [join(FIXTURES, 'full'), join(FIXTURES, 'hostile'), EXAMPLES]
  .flatMap(projectsIn)
  .flatMap(casesOf);

/** The cases of one target that are not fixtures. */
export const ownCases = (target: string): readonly Case[] =>
  projectsIn(join(TEST_TARGETS, target)).flatMap(casesOf);

interface Folder {
  readonly name: string;
  readonly path: string;
}

function projectsIn(path: string): Folder[] {
  if (!existsSync(path)) return [];
  const own = existsSync(join(path, 'aideploy.yaml')) ? [{ name: path.split('/').at(-1) ?? '', path }] : [];
  const below = readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(path, entry.name, 'aideploy.yaml')))
    .map(entry => ({ name: entry.name, path: join(path, entry.name) }));
  return [...own, ...below].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function casesOf({ name, path }: Folder): Case[] {
  const project = loadConfig(join(path, 'aideploy.yaml'), readFileSync(join(path, 'aideploy.yaml')));
  const sources = readSources(path, project);
  return [undefined, ...Object.keys(project.environments)].map(environment => ({
    name: environment === undefined ? name : `${name}@${environment}`,
    model: buildModel(project, environment, { sources }),
    file: join(path, 'aideploy.yaml'),
  }));
}
