import { productionContainers } from '../../containers/compose-services.ts';
import { claimsIn, sharedClaim, withoutVolume } from '../../containers/state.ts';
import type { Rule } from '../../rule.ts';

export const state: Rule = {
  id: 'container/state',
  severity: ['error', 'warning'],
  title: 'data that goes with its container, or that two nodes want at once',
  why: 'What a database writes inside its container is gone at the next upgrade; a model server fetches gigabytes again. A ReadWriteOnce claim is mounted on one node: the replicas on others wait for it for ever.',
  fix: 'Mount a volume where the data lives; use a StatefulSet with claim templates, or a ReadWriteMany claim, for several replicas.',
  fixable: 'no',
  example: {
    bad: 'db: { image: "postgres:16" }',
    good: 'db: { image: "postgres:16", volumes: ["data:/var/lib/postgresql/data"] }',
  },
  check: context => {
    const claims = claimsIn(context);
    return productionContainers(context)
      .filter(member => member.longRunning)
      .flatMap(member => [...withoutVolume(member), ...sharedClaim(member, claims)]);
  },
};
