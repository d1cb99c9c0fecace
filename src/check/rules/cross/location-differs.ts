import { type Call, type Flag, flagOf, knownValue } from '../../../artifacts/shell/gcloud.ts';
import { gcloudCalls } from '../../cloudrun.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const locationDiffers: Rule = {
  id: 'cross/location-differs',
  severity: 'error',
  title: 'a cluster or service that is looked for where it was not made',
  why: 'Google Cloud knows a cluster by its project, its name and its region or zone: under another one the command finds nothing, or something else of that name.',
  fix: 'Use the location in which it is made, with the same flag.',
  fixable: 'unsafe',
  example: {
    bad: 'gcloud container clusters create ai --region=europe-west1\ngcloud container clusters get-credentials ai --zone=europe-west1-b',
    good: 'gcloud container clusters create ai --region=europe-west1\ngcloud container clusters get-credentials ai --region=europe-west1',
  },
  check: context => {
    const made = madeIn(context);
    return gcloudCalls(context).flatMap(call => findingsOf(call, made));
  },
};

const LOCATIONS = ['region', 'zone', 'location'];

/** What a call is about: clusters and services have names of their own. */
function thingOf({ path, names: [name], flags }: Call): string | undefined {
  const cluster = /^container node-pools /.test(path)
    ? flags.find(each => each.name === 'cluster')?.value
    : name;
  if (/^container (?:clusters|node-pools) /.test(path))
    return cluster && !cluster.includes('*') ? `cluster ${cluster}` : undefined;
  return /^run (?:deploy|services \w[\w-]*)$/.test(path) && name && !name.includes('*')
    ? `Cloud Run service ${name}`
    : undefined;
}

const isMade = ({ path }: Call): boolean => /^(?:container clusters create(?:-auto)?|run deploy)$/.test(path);

interface Made {
  readonly flag: Flag;
  readonly value: string;
}

/** Where each thing is made; nothing of what is made where only the caller knows. */
function madeIn(context: Context): ReadonlyMap<string, readonly Made[]> {
  const found = new Map<string, Made[]>();
  const unknown = new Set<string>();
  for (const call of gcloudCalls(context).filter(isMade)) {
    const [thing, flag] = [thingOf(call), flagOf(call, ...LOCATIONS)];
    const value = knownValue(flag);
    if (thing && flag && value) found.set(thing, [...(found.get(thing) ?? []), { flag, value }]);
    else if (thing) unknown.add(thing);
  }
  return new Map([...found].filter(([thing]) => !unknown.has(thing)));
}

function findingsOf(call: Call, all: ReadonlyMap<string, readonly Made[]>): Finding[] {
  const thing = thingOf(call);
  const flag = flagOf(call, ...LOCATIONS);
  const [made, value] = [thing === undefined ? undefined : all.get(thing), knownValue(flag)];
  const [first] = made ?? [];
  if (
    !flag ||
    !made ||
    !first ||
    value === undefined ||
    isMade(call) ||
    made.some(each => each.value === value)
  )
    return [];
  const { text } = call.document;
  const whole = flag.word.value === `--${flag.name}=${value}` && made.length === 1;
  return [
    {
      at: flag.at,
      message: `${thing} is looked for in ${value}, and made in ${listed(made.map(each => each.value))}`,
      related: made.map(each => ({ ...each.flag.at, message: `--${each.flag.name}=${each.value}` })),
      edits: whole ? [text.edit(flag.word.start, flag.word.end, `--${first.flag.name}=${first.value}`)] : [],
    },
  ];
}
