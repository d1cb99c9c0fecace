import { beforeNetwork, localDatabase } from '../../host/ordering.ts';
import { hostUnits } from '../../host/units.ts';
import type { Rule } from '../../rule.ts';

export const ordering: Rule = {
  id: 'systemd/ordering',
  severity: ['warning', 'info'],
  title: 'a service that is started after the wrong unit, or before the network is there',
  why: 'Ordered after a database of this host while it uses another one, it waits for what it does not need or fails with it. Without network-online.target, both ordered and wanted, its first connections after a boot fail.',
  fix: 'Leave out the unit of the local database; write Wants= and After=network-online.target.',
  fixable: 'safe',
  example: {
    bad: 'After=network-online.target',
    good: 'Wants=network-online.target\nAfter=network-online.target',
  },
  check: context => hostUnits(context).flatMap(unit => [...localDatabase(unit), ...beforeNetwork(unit)]),
};
