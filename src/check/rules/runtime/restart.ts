import { ofCompose, ofDocker, ofPods, ofSystemd } from '../../containers/restart.ts';
import { hostUnits } from '../../host/units.ts';
import type { Rule } from '../../rule.ts';

export const restart: Rule = {
  id: 'runtime/restart',
  severity: 'warning',
  title: 'a service that is not started again, or for ever',
  why: 'A crash, or a restart of the host, ends the service until somebody notices. And one that systemd starts again more slowly than its start limit counts is started for ever: a bad setting never shows as a failed unit.',
  fix: 'Say so: restart: unless-stopped, --restart unless-stopped, Restart=on-failure; set StartLimitIntervalSec= above RestartSec x StartLimitBurst.',
  fixable: 'unsafe',
  example: {
    bad: 'api: { image: "acme/api:1.4" }',
    good: 'api: { image: "acme/api:1.4", restart: unless-stopped }',
  },
  check: context => [
    ...ofCompose(context),
    ...ofDocker(context),
    ...hostUnits(context).flatMap(unit => ofSystemd(context, unit)),
    ...ofPods(context),
  ],
};
