import { productionContainers } from '../../containers/compose-services.ts';
import {
  engineFindings,
  isJudged,
  lacking,
  namespacesWithRange,
  podFindings,
} from '../../containers/limits.ts';
import { hostUnits, isWrapper, settingOf } from '../../host/units.ts';
import type { Rule } from '../../rule.ts';

export const noLimits: Rule = {
  id: 'runtime/no-limits',
  severity: ['warning', 'info'],
  title: 'a service in production without a limit of its memory',
  why: 'One service that leaks takes the memory of the whole host, and the kernel ends whichever process it likes. In Kubernetes a pod without requests is placed anywhere and evicted first; one with a limit far above its request is promised what the node does not have.',
  fix: 'Limit it to what it needs under load: mem_limit, MemoryMax=, --memory, resources.limits.memory; request at least half of that.',
  fixable: 'no',
  example: {
    bad: 'api: { image: "acme/api:1.4" }',
    good: 'api: { image: "acme/api:1.4", mem_limit: 512m }',
  },
  check: context => {
    const ranged = namespacesWithRange(context);
    const units = hostUnits(context).flatMap(unit => {
      const limited = ['MemoryMax', 'MemoryHigh', 'MemoryLimit', 'Slice'].some(key =>
        settingOf(unit, 'Service', key),
      );
      return limited || isWrapper(unit.member) || !isJudged(unit.member) ? [] : [lacking(unit.member)];
    });
    const containers = productionContainers(context)
      .filter(isJudged)
      .flatMap(member =>
        member.platform === 'kubernetes' ? podFindings(member, ranged) : engineFindings(member),
      );
    return [...units, ...containers];
  },
};
