import { resolve } from 'node:path';
import type { DetectedService, Detection, Note, ServiceKind } from './detection.ts';
import { applyExisting } from './existing/apply.ts';
import { type ExistingReading, readExisting } from './existing/read.ts';
import { imageParts } from './existing/yaml.ts';
import { goDialect } from './go/dialect.ts';
import { goEntries } from './go/mains.ts';
import { type GoProject, openGo, workspaceNotes } from './go/project.ts';
import { uniqueKeys } from './names.ts';
import { nodeDialect } from './node/dialect.ts';
import { nodeEntries, unreadStarts } from './node/entries.ts';
import { type NodeProject, openNode } from './node/project.ts';
import { pythonDialect } from './python/dialect.ts';
import { pythonEntries } from './python/entries.ts';
import { openPython, type PythonProject } from './python/project.ts';
import { assemble } from './service/assemble.ts';
import { gapNotes } from './service/gaps.ts';
import { migrationsOf } from './service/migrations.ts';
import type { Entry } from './service/program.ts';
import { nameGrpcServices } from './service/protos.ts';
import { openVariables, thirdPartyNotes } from './thirdparty.ts';
import { isExample, openRepository, type Repository } from './walk.ts';
import { databaseFrom, domainFrom, nameFrom, namespaceFrom, registryFrom } from './whole.ts';

const dialects = { go: goDialect, python: pythonDialect, node: nodeDialect };
const kinds: ServiceKind[] = ['http', 'worker', 'job'];

interface Projects {
  go: GoProject | undefined;
  python: PythonProject | undefined;
  node: NodeProject | undefined;
}

/** Reads a repository, and only reads it: nothing is run, nothing is fetched. `told` hears what it is at. */
export async function detect(root: string, told: (text: string) => void = () => {}): Promise<Detection> {
  const repository = await openRepository(resolve(root), told);
  const reading = await readExisting(repository);
  repository.skipped.push(...reading.skipped);
  const projects = {
    go: await openGo(repository),
    python: await openPython(repository),
    node: await openNode(repository),
  };
  const found = await findEntries(projects, repository, reading);
  const entries = uniqueKeys(
    inOrder(found.entries, ({ kind, dir, key }) => [kinds.indexOf(kind?.value ?? 'http'), dir, key]),
  );
  const assembled = entries.map(entry => {
    told(`following what ${entry.key} calls`);
    return assemble(entry, dialects[entry.language], program =>
      migrationsOf(entry, program, reading.existing.migrations),
    );
  });
  const services = assembled.map(({ service }) => service);
  applyExisting(services, reading.existing, reading.variables);
  await nameGrpcServices(services, repository);
  const notes = [...found.notes, ...assembled.flatMap(each => each.notes), ...services.flatMap(gapNotes)];
  return complete(services, notes, reading, projects, repository);
}

async function findEntries(
  { go, python, node }: Projects,
  repository: Repository,
  reading: ExistingReading,
): Promise<{ entries: Entry[]; notes: Note[] }> {
  const entries = go ? goEntries(go, repository.has('go.work')) : [];
  const served = python ? pythonEntries(python, commandsOf(reading)) : { entries: [], notes: [] };
  entries.push(...served.entries, ...(node ? await nodeEntries(node, repository) : []));
  // Examples show how to use something; they are services only where there is nothing else.
  const real = entries.filter(({ dir, evidence }) => !isExample(`${dir}/x`) && !isExample(evidence.file));
  return {
    entries: real.length > 0 ? real : entries,
    notes: [
      ...(go && entries.length > 0 && !repository.has('go.work') ? workspaceNotes(go) : []),
      ...served.notes,
      ...(node ? unreadStarts(node, entries) : []),
    ],
  };
}

/** Words of the commands that start something: they name the application that is served. */
function commandsOf({ existing }: ExistingReading): string[] {
  const commands = [
    ...existing.dockerfiles.flatMap(({ entrypoint, command }) => [
      ...(entrypoint?.value ?? []),
      ...(command?.value ?? []),
    ]),
    ...existing.composeFiles.flatMap(({ services }) => services.flatMap(({ command }) => command ?? [])),
    ...existing.units.flatMap(({ execStart }) => execStart?.split(/\s+/) ?? []),
  ];
  return commands.flatMap(word => word.split(/\s+/)).filter(word => /^[\w.]+:\w+(\(\))?$/.test(word));
}

function complete(
  services: DetectedService[],
  notes: Note[],
  reading: ExistingReading,
  projects: Projects,
  repository: Repository,
): Detection {
  const { database, notes: databaseNotes } = databaseFrom(services, reading);
  const name = nameFrom(repository.root, namesIn(projects));
  const own = [name.value, ...services.map(({ key }) => key)];
  // A compose file that runs this project's published image names no third party.
  const thirdParty = reading.thirdParty.filter(
    ({ key, image }) =>
      !own.includes(key) && !own.includes(imageParts(image.value).name.split('/').pop() ?? ''),
  );
  const domain = domainFrom(reading.existing);
  const registry = registryFrom(
    reading,
    thirdParty.map(({ image }) => image.value),
  );
  const namespace = namespaceFrom(reading.existing);
  const all = [
    ...notes,
    ...databaseNotes,
    ...openVariables(services),
    ...thirdPartyNotes(thirdParty),
    ...(services.length === 0 ? [nothingFound(projects)] : []),
  ];
  return {
    name,
    services,
    thirdParty,
    ...(database ? { database } : {}),
    existing: reading.existing,
    ...(domain ? { domain } : {}),
    ...(registry ? { registry } : {}),
    ...(namespace ? { namespace } : {}),
    notes: all,
    scanned: {
      files: repository.paths.length,
      parsed:
        (projects.go?.files.length ?? 0) +
        (projects.python?.files.length ?? 0) +
        (projects.node?.files.length ?? 0),
      skipped: inOrder(repository.skipped, ({ file }) => [file]),
    },
  };
}

function namesIn({ go, python, node }: Projects): { value: string; file: string; line: number }[] {
  const atRoot = <T extends { dir: string }>(list: T[] | undefined) =>
    (list ?? []).filter(({ dir }) => dir === '.');
  return [
    ...atRoot(go?.modules).map(({ path, file }) => ({
      value:
        path
          .replace(/\/v\d+$/, '')
          .split('/')
          .pop() ?? '',
      file,
      line: 1,
    })),
    ...atRoot(python?.folders).map(({ name }) => ({ value: name ?? '', file: 'pyproject.toml', line: 1 })),
    ...atRoot(node?.packages).map(({ name, file }) => ({
      value: (name ?? '').replace(/^@[^/]+\//, ''),
      file,
      line: 1,
    })),
  ];
}

function nothingFound({ go, python, node }: Projects): Note {
  const languages = [go && 'Go', python && 'Python', node && 'Node'].filter(Boolean);
  const what =
    languages.length > 0
      ? `${languages.join(', ')} sources are here, but none of them listens on a port, serves an ASGI or WSGI application, or runs as a worker`
      : 'no Go, Python or Node sources were found';
  return {
    message: `no service was found: ${what}`,
    propose:
      'Start from a preset (--preset go-api, python-asgi, node-api ...), or run init in the folder of the service.',
  };
}

function inOrder<T>(list: T[], key: (each: T) => (string | number)[]): T[] {
  const compare = (a: (string | number)[], b: (string | number)[]): number => {
    const at = a.findIndex((value, index) => value !== b[index]);
    const [left, right] = [a[at], b[at]];
    return at < 0 || left === undefined || right === undefined ? 0 : left < right ? -1 : 1;
  };
  return [...list].sort((a, b) => compare(key(a), key(b)));
}
