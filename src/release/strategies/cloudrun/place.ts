import type { CloudRun } from '../../../model/cloudrun.ts';

/** Where a deployment is, and where its record lies on this machine. */
export interface Place {
  readonly cloud: CloudRun;
  /** Of the project, and its environment. */
  readonly name: string;
  readonly units: readonly string[];
  readonly project: string;
  readonly region: string;
  /** `<folder>/<release>/files` holds what was rendered for it: its deploy.sh, too. */
  readonly folder: string;
  /** Between two shares of the traffic; milliseconds. */
  readonly pause: number;
  /** By service: an image by its digest that is known already. */
  readonly images: Readonly<Record<string, string>>;
}

/** What a revision keeps of its release for ever: unlike a service's, its annotations never change. */
export const RELEASE = 'aideploy/release';
/** Of what: the same tag may come again with other content. */
export const CONTENT = 'aideploy/content';
export const COMMIT = 'aideploy/commit';
export const BY = 'aideploy/by';
