import type { Access, Deployment, Endpoint } from './deployment.ts';
import { isOutside, type Reach } from './endpoints.ts';

/** What is verified, and of an address alone what was found out of it meanwhile. */
export interface Subject {
  readonly deployment: Deployment;
  explored(): Deployment | undefined;
}

export const known = (deployment: Deployment): Subject => ({ deployment, explored: () => undefined });

/** An address of which nothing is known but that it may answer. */
export function strangerAt(url: URL, { connectTo, ca, token }: Omit<Reach, 'url'>): Subject {
  const access: Access = { base: url, public: isOutside(url), connectTo, ca, token };
  let endpoint: Endpoint | undefined;
  const found = (each: Endpoint) => {
    endpoint = each;
  };
  const empty = { target: url.href, model: undefined, artifacts: [] };
  return {
    deployment: { ...empty, endpoints: [], unexplored: { access, found } },
    explored: () => endpoint && { ...empty, endpoints: [endpoint] },
  };
}
