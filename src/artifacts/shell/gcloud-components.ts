import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { kubernetesQuantity, variableDuration } from '../quantities.ts';
import { type Call, callsOf, type Flag, flagOf, knownValue } from './gcloud.ts';

/** Services that commands deploy; what a later command changes of one is its own too. */
export function gcloudComponents(
  document: Document<'shell'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  const calls = callsOf(document).filter(
    each => each.path === 'run deploy' || each.path === 'run services update',
  );
  if (calls.length === 0) return [];
  const all = everyCall(set);
  const deployed = new Set(all.filter(each => each.path === 'run deploy').map(nameOf));
  return calls.flatMap(call => {
    const name = nameOf(call);
    const isDeploy = call.path === 'run deploy';
    // An update belongs to the command that deploys the service, if there is one.
    if (!isDeploy && deployed.has(name)) return [];
    const updates =
      isDeploy && name
        ? all.filter(each => each.path === 'run services update' && nameOf(each) === name)
        : [];
    return [
      {
        platform: 'cloudrun',
        form: 'container',
        name,
        aliases: [],
        at: call.at,
        scope: '',
        facts: [call, ...updates].flatMap(factsOf),
        longRunning: true,
        ...(isDeploy && !call.open && !updates.concat(call).some(isVague) ? {} : { partial: true as const }),
      } satisfies Component,
    ];
  });
}

/** A flag is there whose value is only known when it runs. */
const isVague = ({ flags }: Call): boolean =>
  flags.some(
    each =>
      /^(?:timeout|concurrency|max|max-instances|memory|service-account|port)$/.test(each.name) &&
      knownValue(each) === undefined,
  );

const EVERY = new WeakMap<readonly AnyDocument[], readonly Call[]>();

function everyCall(set: readonly AnyDocument[]): readonly Call[] {
  const known = EVERY.get(set) ?? set.flatMap(each => (each.kind === 'shell' ? callsOf(each) : []));
  EVERY.set(set, known);
  return known;
}

/** Empty where it is only known when it runs. */
const nameOf = ({ names: [name = ''] }: Call): string => (name.includes('*') ? '' : name);

const count = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/** https://cloud.google.com/sdk/gcloud/reference/run/deploy */
export function factsOf(call: Call): AnyFact[] {
  const each = (names: readonly string[], read: (value: string, flag: Flag) => AnyFact[]): AnyFact[] => {
    const flag = flagOf(call, ...names);
    const value = knownValue(flag);
    return flag && value !== undefined ? read(value, flag) : [];
  };
  const http2 = flagOf(call, 'use-http2') ? { name: 'h2c' } : {};
  const cpu = (text: string) => kubernetesQuantity(text);
  return [
    ...each(['image'], (value, { at }) => stated('image', imageReference(value), at)),
    ...each(['source'], (value, { at }) => stated('build', { context: value }, at)),
    ...each(['timeout'], (value, { at }) => stated('timeout.request', variableDuration(value), at)),
    ...each(['concurrency'], (value, { at }) => stated('concurrency', count(value), at)),
    ...each(['min-instances', 'min'], (value, { at }) => stated('replicas', count(value), at)),
    ...each(['max-instances', 'max'], (value, { at }) => stated('replicas.max', count(value), at)),
    ...each(['memory'], (value, { at }) => stated('memory.limit', kubernetesQuantity(value), at)),
    ...each(['cpu'], (value, { at }) => stated('cpu.limit', (cpu(value) ?? 0) * 1_000 || undefined, at)),
    ...each(['port'], (value, { at }) => stated('port.listen', portOf(value, http2), at)),
    ...each(['service-account'], (account, { at }) => stated('identity', { account }, at)),
    ...call.flags.filter(flag => /^(?:set|update)-env-vars$/.test(flag.name)).flatMap(variables),
    ...call.flags.filter(flag => /^(?:set|update)-secrets$/.test(flag.name)).flatMap(secrets),
    ...exposure(call),
    ...(flagOf(call, 'no-traffic') ? stated('traffic', 'none', call.at) : []),
  ];
}

const portOf = (value: string, http2: { name?: string }) => {
  const port = count(value);
  return port === undefined ? undefined : { port, ...http2 };
};

function exposure(call: Call): AnyFact[] {
  const flag = flagOf(call, 'allow-unauthenticated', 'no-allow-unauthenticated', 'no-invoker-iam-check');
  if (!flag) return [];
  const open = !flag.name.startsWith('no-allow') && flag.value !== 'false';
  return stated('exposure', open ? 'public' : 'private', flag.at);
}

/** `A=1,B=2`, or with a separator of its own: `^;^A=1,2;B=3`. https://cloud.google.com/sdk/gcloud/reference/topic/escaping */
function pairs({ value = '' }: Flag): readonly (readonly [string, string])[] {
  const [, separator = ',', rest = value] = /^\^([^^]{1,5})\^(.*)$/s.exec(value) ?? [];
  return rest.split(separator).flatMap(pair => {
    const equals = pair.indexOf('=');
    return equals > 0 ? [[pair.slice(0, equals).trim(), pair.slice(equals + 1)] as const] : [];
  });
}

const variables = (flag: Flag): AnyFact[] =>
  pairs(flag).flatMap(([name, value]) =>
    /^\w+$/.test(name) ? stated('env', { name, ...(value.includes('*') ? {} : { value }) }, flag.at) : [],
  );

const secrets = (flag: Flag): AnyFact[] =>
  pairs(flag).flatMap(([as, reference]) => {
    const colon = reference.lastIndexOf(':');
    const [secret, version] =
      colon < 0 ? [reference, 'latest'] : [reference.slice(0, colon), reference.slice(colon + 1)];
    return [
      ...(/^\w+$/.test(as) ? stated('env', { name: as, secret: true }, flag.at) : []),
      ...stated('secret.version', { secret, version, as }, flag.at),
    ];
  });
