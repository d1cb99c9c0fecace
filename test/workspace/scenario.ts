import type { Artifact } from '../../src/artifacts/artifact.ts';

/** Two renderings of a project, between which every kind of change happens. */
const names = [
  'created',
  'updated',
  'merged',
  'contested',
  'deleted',
  'mode.sh',
  'same',
  'deep/down/updated',
];

const rendering = (name: string, version: number): Artifact => ({
  path: name,
  target: 'docker',
  content:
    name === 'same'
      ? 'same\n'
      : `${name}\none\ntwo\nthree\nfour\nversion ${version}\n${'x'.repeat(20_000)}\n`,
  mode: name === 'mode.sh' && version === 2 ? 0o755 : 0o644,
});

export const before: readonly Artifact[] = [
  ...names.filter(name => name !== 'created').map(name => rendering(name, 1)),
  rendering('old/pruned', 1),
];

export const after: readonly Artifact[] = [...names, 'foreign'].map(name => rendering(name, 2));

/** What someone did by hand in between; null deletes. */
export const edits: Readonly<Record<string, string | null>> = {
  merged: `# mine\n${rendering('merged', 1).content}`,
  contested: rendering('contested', 1).content.replace('version 1', 'version mine'),
  deleted: null,
  foreign: 'theirs\n',
};
