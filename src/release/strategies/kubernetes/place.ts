import type { Model } from '../../../model/model.ts';
import type { Cluster } from '../../../platforms/kubernetes/cluster.ts';

/** Which cluster, and what of it is the project's. */
export interface Place {
  readonly cluster: Cluster;
  /** Of the chosen environment. */
  readonly model: Model;
  readonly namespace: string;
  /** The label's value. */
  readonly project: string;
  /** By service: what it is deployed as, where that is known already. */
  readonly images: Readonly<Record<string, string>>;
}

export const below = ({ namespace }: Place, group: string, ...path: string[]): string =>
  [`/${group}/namespaces/${namespace}`, ...path].join('/');

export const CORE = 'api/v1';
export const MERGE = 'application/merge-patch+json';
