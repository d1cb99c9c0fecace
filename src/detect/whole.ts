import { basename } from 'node:path';
import type { DetectedDatabase, DetectedService, Existing, Finding, Note } from './detection.ts';
import { finding } from './evidence.ts';
import type { ExistingReading } from './existing/read.ts';
import { imageParts } from './existing/yaml.ts';
import { isGeneric, label } from './names.ts';

/** The database that the services share. */
export function databaseFrom(
  services: DetectedService[],
  { databases }: ExistingReading,
): { database?: DetectedDatabase; notes: Note[] } {
  const notes: Note[] = services.flatMap(({ key, usesDatabase }) => {
    if (!usesDatabase || usesDatabase.value === 'postgres') return [];
    const how =
      usesDatabase.value === 'sqlite'
        ? 'keeps its data in a file: it needs a volume, and no second instance'
        : `uses ${usesDatabase.value}, which has no section of its own: describe it as a service or an egress`;
    return [{ service: key, message: how, evidence: usesDatabase.evidence }];
  });
  const users = services.filter(({ usesDatabase }) => usesDatabase?.value === 'postgres');
  const [first] = databases;
  const engine = users[0]?.usesDatabase;
  if (!engine && !first) return { notes };
  const url = users
    .flatMap(({ env }) => env)
    .find(
      ({ name }) =>
        /^(\w*_)?(DATABASE|POSTGRES|POSTGRESQL|PG|DB)_(URL|DSN|URI)$/.test(name) &&
        !/OWNER|ADMIN|MIGRAT|TEST/.test(name),
    );
  const migrations =
    users.find(each => each.migrations)?.migrations ?? services.find(each => each.migrations)?.migrations;
  const database: DetectedDatabase = {
    engine: engine
      ? finding('postgres', engine.evidence, engine.confidence)
      : finding('postgres', first ? [first.evidence] : [], 'likely'),
    ...(first?.version ? { version: first.version } : {}),
    ...(first?.name ? { name: first.name } : {}),
    ...(first?.user ? { user: first.user } : {}),
    ...(url ? { urlEnv: finding(url.name, url.evidence) } : {}),
    ...(migrations ? { migrations } : {}),
  };
  return { database, notes };
}

/** A public name: the first that is no placeholder, from the proxy's configuration or the routes. */
export function domainFrom({ nginx, manifests }: Existing): Finding<string> | undefined {
  const names = [
    ...nginx.flatMap(each => each.serverNames.map(name => ({ name, evidence: each.evidence }))),
    ...manifests.flatMap(each => each.hosts.map(name => ({ name, evidence: [each.evidence] }))),
  ];
  const found = names.find(({ name }) => !/[*_]|localhost|\.local$/.test(name));
  return found && finding(found.name, found.evidence.slice(0, 1));
}

/** `ghcr.io/acme` of an image of this repository. */
export function registryFrom({ images }: ExistingReading, thirdParty: string[]): Finding<string> | undefined {
  for (const { image, evidence } of images) {
    const { name } = imageParts(image);
    const folder = name.split('/').slice(0, -1).join('/');
    const isHost = /^([\w-]+\.)+[\w-]+(:\d+)?(\/|$)/.test(folder);
    if (
      isHost &&
      !folder.includes('$') &&
      !thirdParty.includes(image) &&
      !/^(docker\.io|registry\.k8s\.io|mcr\.microsoft\.com)/.test(folder)
    )
      return finding(folder, evidence, 'likely');
  }
  return undefined;
}

export function namespaceFrom({ manifests }: Existing): Finding<string> | undefined {
  const found = manifests.find(({ namespace }) => namespace !== undefined && namespace !== 'default');
  return found?.namespace ? finding(found.namespace, found.evidence) : undefined;
}

/** The project's name: its module's or package's, else its folder's. */
export function nameFrom(
  root: string,
  sources: { value: string; file: string; line: number }[],
): Finding<string> {
  const said = sources.find(({ value }) => !isGeneric(value));
  const folder = label(basename(root), 'service');
  return said
    ? finding(label(said.value, folder), { file: said.file, line: said.line })
    : finding(folder, [], 'likely');
}
