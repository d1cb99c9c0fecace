/** What deploys write on the objects of a cluster, beside what was rendered. */
export const MANAGER = 'aideploy';
/** A label: the project that an object was applied for, which may take it away again. */
export const PROJECT = 'aideploy.dev/project';
/** An annotation: the release that an object was applied with last. It is no part of a pod's template: nothing restarts. */
export const RELEASE = 'aideploy.dev/release';
/** A label of what is kept of releases: release, audit or lease. */
export const RECORD = 'aideploy.dev/record';
/** A label of a release's record. */
export const STATUS = 'aideploy.dev/status';
