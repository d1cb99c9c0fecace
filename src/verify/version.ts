import { type Answer, header } from './http/answer.ts';
import type { Trouble } from './http/trouble.ts';
import { fail, type Observation, pass, undecided } from './probe.ts';

const KEYS = ['version', 'app_version', 'appVersion', 'release', 'tag'];
const PLACES = ['build', 'info', 'app', 'service', 'system', 'data'];
const LIKE_A_VERSION = /^v?\d[\w.+-]{0,100}$|^[0-9a-f]{7,40}$|^dev$/;

/** The version that an answer names: in a header, in JSON, or as its whole text. */
export function versionIn({ headers, text }: Pick<Answer, 'headers' | 'text'>): string | undefined {
  const named = header(headers, 'x-version') ?? header(headers, 'x-app-version');
  if (named) return named.slice(0, 100);
  const body = text.trim();
  if (!body.startsWith('{')) return LIKE_A_VERSION.test(body) ? body : undefined;
  try {
    return versionOf(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function versionOf(document: Record<string, unknown>): string | undefined {
  const inner = PLACES.map(place => document[place]).filter(
    value => typeof value === 'object' && value !== null,
  );
  const found = [document, ...(inner as Record<string, unknown>[])]
    .flatMap(each => KEYS.map(key => each[key]))
    .find(value => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found.slice(0, 100) : undefined;
}

export type Read =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'silent' | 'busy' }
  | Trouble;

const OLD = 'the old release still serves: check that the rollout ended, and where traffic goes';
const MIXED = 'a replica of another release still serves: wait for the rollout, or find what was left behind';

/** Several reads of one address: all have to name one version, and the one that was deployed. */
export function judgeVersions(
  asked: string,
  reads: readonly Read[],
  expected: string | undefined,
): Observation {
  const versions: Record<string, number> = {};
  for (const each of reads)
    if (each.kind === 'version') versions[each.version] = (versions[each.version] ?? 0) + 1;
  const names = Object.keys(versions).sort((a, b) => (versions[b] ?? 0) - (versions[a] ?? 0));
  const silent = reads.filter(each => each.kind === 'silent').length;
  const said = [
    ...names.map(name => `${name} ${versions[name]}x`),
    ...(silent > 0 ? [`no version ${silent}x`] : []),
  ];
  const observed = `${asked} said ${said.join(', ')}`;
  const detail = { versions };
  const wrong = names.some(name => expected !== undefined && bare(name) !== bare(expected));
  const mixed = names.length > 1 || silent > 0;
  if (wrong || mixed)
    return fail({
      expected: `${expected === undefined ? 'one version' : `version ${expected}`} ${reads.length} times`,
      observed,
      next: mixed ? MIXED : OLD,
      detail,
    });
  if (reads.some(each => each.kind === 'busy'))
    return undecided({
      expected: `${reads.length} answers`,
      observed: `${observed}, and was busy otherwise`,
      next: 'ask again when it is less busy',
      detail,
    });
  return pass(`${observed}${expected === undefined ? '; --expect-version compares' : ''}`, detail);
}

/** Tags have a v that programs leave out. */
const bare = (version: string) => version.replace(/^v(?=\d)/, '');
