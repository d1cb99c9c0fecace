import { basename } from 'node:path';
import type { EnvVariable, Evidence, Existing, Finding, ThirdPartyService } from '../detection.ts';
import { finding, lineEvidence } from '../evidence.ts';
import { folderOf, isExample, isTest, type Repository } from '../walk.ts';
import { readCompose } from './compose.ts';
import { readDockerfile } from './dockerfile.ts';
import { readManifests } from './kubernetes.ts';
import { imagesIn, readEnvExample, readNginx, readUnit } from './plain.ts';

export interface ExistingReading {
  existing: Existing;
  thirdParty: ThirdPartyService[];
  databases: {
    version?: Finding<string>;
    name?: Finding<string>;
    user?: Finding<string>;
    evidence: Evidence;
  }[];
  variables: EnvVariable[];
  skipped: { file: string; reason: string }[];
  /** Images that the repository's own files push or run. */
  images: { image: string; evidence: Evidence }[];
}

/** What deployment files the repository has already, and what they say. */
export async function readExisting(repository: Repository): Promise<ExistingReading> {
  const reading: ExistingReading = {
    existing: {
      dockerfiles: [],
      composeFiles: [],
      manifests: [],
      units: [],
      nginx: [],
      workflows: [],
      envExamples: [],
      migrations: [],
    },
    thirdParty: [],
    databases: [],
    variables: [],
    images: [],
    skipped: [],
  };
  for (const path of repository.paths) {
    const reader = isTest(path) ? undefined : readers.find(([pattern]) => pattern.test(path))?.[1];
    if (!reader) continue;
    const text = await repository.read(path);
    if (text !== undefined) reader(path, text, reading);
  }
  reading.existing.migrations = migrationFolders(repository);
  const configuration = ['aideploy.yaml', 'aideploy.yml'].find(repository.has);
  if (configuration) reading.existing.aideployYaml = configuration;
  return reading;
}

type Reader = (path: string, text: string, reading: ExistingReading) => void;

const readers: [RegExp, Reader][] = [
  [
    /(^|\/)(.*\.)?(dockerfile|containerfile)(\.[\w-]+)?$/i,
    (path, text, { existing }) => existing.dockerfiles.push(readDockerfile(path, text)),
  ],
  [/(^|\/)(docker-)?compose([.-][\w-]+)*\.ya?ml$/, addCompose],
  [/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, addWorkflow],
  [/\.ya?ml$/, addManifests],
  [
    /\.service$/,
    (path, text, { existing }) =>
      existing.units.push(...[readUnit(path, text)].filter(unit => unit !== undefined)),
  ],
  [
    /(^|\/)(\.env\.(example|sample|template|dist)|env\.example|\.env-example|example\.env|[\w-]+\.env\.example)$/,
    addEnvExample,
  ],
  [
    /\.conf$|(^|\/)nginx\/[^/]+$/,
    (path, text, { existing }) =>
      existing.nginx.push(...[readNginx(path, text)].filter(found => found !== undefined)),
  ],
];

function addCompose(path: string, text: string, reading: ExistingReading): void {
  const found = readCompose(path, text);
  if (!found) {
    reading.skipped.push({ file: path, reason: 'not a compose file that can be read' });
    return;
  }
  reading.existing.composeFiles.push(found.compose);
  for (const each of found.thirdParty)
    if (!reading.thirdParty.some(({ key }) => key === each.key)) reading.thirdParty.push(each);
  for (const { version, name, user, line } of found.databases) {
    const evidence = lineEvidence({ path, text }, line);
    reading.databases.push({
      ...(version ? { version: finding(version, evidence) } : {}),
      ...(name ? { name: finding(name, evidence) } : {}),
      ...(user ? { user: finding(user, evidence) } : {}),
      evidence,
    });
  }
  for (const { image, build, evidence } of found.compose.services)
    if (image && build) reading.images.push({ image, evidence });
}

function addWorkflow(path: string, text: string, reading: ExistingReading): void {
  reading.existing.workflows.push(path);
  for (const { image, line } of imagesIn(text))
    reading.images.push({ image, evidence: lineEvidence({ path, text }, line) });
}

function addManifests(path: string, text: string, reading: ExistingReading): void {
  const found = readManifests(path, text);
  reading.existing.manifests.push(...found);
  for (const { image, evidence } of found) if (image) reading.images.push({ image, evidence });
}

function addEnvExample(path: string, text: string, reading: ExistingReading): void {
  reading.existing.envExamples.push(path);
  for (const each of readEnvExample(path, text)) {
    const known = reading.variables.find(({ name }) => name === each.name);
    if (!known) reading.variables.push(each);
  }
}

function migrationFolders(repository: Repository): Existing['migrations'] {
  const counts = new Map<string, number>();
  for (const path of repository.paths) {
    const folder =
      /^(.*(?:^|\/)(?:prisma\/migrations|migrations?|alembic\/versions|drizzle|schema\/migrations))(?=\/)/.exec(
        path,
      )?.[1];
    const isStep =
      /\.sql$/.test(path) ||
      /\/versions\/[^/]+\.py$/.test(path) ||
      (/\/migrations\/\d+[^/]*\.py$/.test(path) && basename(path) !== '__init__.py');
    if (folder && isStep && !isTest(path) && !isExample(`${folderOf(path)}/x`))
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([dir, files]) => ({ dir, files }));
}
