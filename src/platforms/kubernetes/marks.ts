import type { KubeObject } from './discovery.ts';

/** What deploys write on the objects of a cluster, beside what was rendered. */
export const MANAGER = 'aideploy';
/** Keeps the number of copies where it is until an autoscaler looks after it. */
export const SCALER = `${MANAGER}-scale`;
/** A label: the project that an object was applied for, which may take it away again. */
export const PROJECT = 'aideploy.dev/project';
/** An annotation: the release that an object was applied with last. It is no part of a pod's template: nothing restarts. */
export const RELEASE = 'aideploy.dev/release';
/** A label of what is kept of releases: release, audit or lease. */
export const RECORD = 'aideploy.dev/record';
/** A label of a release's record. */
export const STATUS = 'aideploy.dev/status';

/** The copy of a project's object: by the label it is found again when no release has it any more. */
export const labelled = <T extends KubeObject>(object: T, project: string): T => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, [PROJECT]: project } },
});

/** With the release that it is applied for. */
export const marked = <T extends KubeObject>(object: T, release: string): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [RELEASE]: release } },
});
