import { type Call, flagOf, knownValue } from '../../../artifacts/shell/gcloud.ts';
import { gcloudCalls } from '../../cloudrun.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const regionalNodes: Rule = {
  id: 'gcloud/regional-nodes',
  severity: 'warning',
  title: 'a number of nodes that a regional cluster has in each of its zones',
  why: 'A regional cluster has its nodes in three zones: three nodes are nine, and so is the bill, the quota that is needed, and the load on what they call.',
  fix: 'Divide the number by the zones, or name them by --node-locations.',
  fixable: 'no',
  example: {
    bad: 'gcloud container clusters create ai --region=europe-west1 --num-nodes=3',
    good: 'gcloud container clusters create ai --region=europe-west1 --num-nodes=1',
  },
  check: context =>
    gcloudCalls(context)
      .filter(call => /^container (?:clusters|node-pools) create$/.test(call.path) && !call.open)
      .flatMap(findingsOf),
};

/** https://cloud.google.com/sdk/gcloud/reference/container/clusters/create#--num-nodes */
const COUNTS = ['num-nodes', 'min-nodes', 'max-nodes'];

function findingsOf(call: Call): Finding[] {
  const place = flagOf(call, 'region', 'location');
  const region = knownValue(place);
  const isRegion =
    place?.name === 'region'
      ? region !== undefined || place.value !== undefined
      : /^[a-z]+-[a-z]+\d+$/.test(region ?? '');
  if (!place || !isRegion || flagOf(call, 'node-locations')) return [];
  const counts = COUNTS.flatMap(name => flagOf(call, name) ?? []).filter(
    flag => Number(knownValue(flag) ?? 0) > 1,
  );
  const [first] = counts;
  if (!first) return [];
  const said = listed(counts.map(flag => `--${flag.name}=${flag.value}`));
  return [
    {
      at: first.at,
      message: `${said}: nodes are counted in each zone, and ${region ?? 'a region'} has three`,
      related: [{ ...place.at, message: `--${place.name}` }],
    },
  ];
}
