import { factOf } from '../artifacts/fact.ts';
import { matchOf, passOf } from '../artifacts/nginx/facts.ts';
import { argument, type Chain, type Directive, effective, named, placeOf } from '../artifacts/nginx/nginx.ts';
import { allServers, locationsOf, upstreams } from '../artifacts/nginx/servers.ts';
import { placeKey } from '../artifacts/text.ts';
import { backendsOf } from './backends.ts';
import type { Context, Member } from './context.ts';
import { known } from './knowledge.ts';
import { oncePerPlace } from './once.ts';
import { providerOf } from './providers.ts';
import type { Finding } from './rule.ts';

/** Paths by which models are asked, whoever serves them. */
const MODEL =
  /(?:^|[/^(|])(?:v1\/(?:chat|completions|embeddings|messages|responses)|chat|completions?|generate|embeddings?|embed|inference|llm|summari[sz]e|ask|predict|api\/(?:chat|generate))(?:[/$?)(|]|$)/i;

/** Locations that lead to a model and repeat what is not safe to repeat. */
export function postRetries(context: Context): readonly Finding[] {
  const groups = upstreams(context.documents);
  const routes = new Map(
    context.members
      .filter(({ form, platform }) => form === 'route' && platform === 'nginx')
      .map(member => [placeKey(member.at), member]),
  );
  return oncePerPlace(
    allServers(context.documents)
      .flatMap(locationsOf)
      .flatMap((chain): Finding[] => {
        const [location] = chain as readonly [Directive, ...Directive[]];
        const retries = effective(chain, 'proxy_next_upstream');
        const word = retries?.args.find(({ value }) => value === 'non_idempotent');
        const route = routes.get(placeKey(placeOf(location)));
        if (!retries || !word || isAlone(location, groups) || isOff(chain)) return [];
        const why = asksModel(context, location, route);
        if (!why) return [];
        const only = retries.args.length === 1;
        const before = retries.text.content.slice(0, word.start).search(/\s+$/);
        return [
          {
            at: placeOf(retries),
            message: `${why} is asked a second time after an error or timeout, also by POST`,
            related: [{ ...placeOf(location), message: `location ${matchOf(location).path}` }],
            edits: only
              ? [retries.text.edit(word.start, word.end, 'error timeout')]
              : [retries.text.edit(before, word.end, '')],
          },
        ];
      }),
  );
}

/** Without a second server there is no other to ask. */
function isAlone(location: Directive, groups: ReadonlyMap<string, Directive>): boolean {
  const target = /^https?:\/\/([\w.-]+)/.exec(argument(passOf(location)?.directive) ?? '')?.[1];
  const group = target === undefined ? undefined : groups.get(target);
  const servers = named(group?.block, 'server').filter(
    each => !each.args.some(({ value }) => value === 'down'),
  );
  return !passOf(location) || (servers.length === 1 && /^(?:\d|unix:|127)/.test(argument(servers[0]) ?? ''));
}

const isOff = (chain: Chain): boolean => argument(effective(chain, 'proxy_next_upstream_tries')) === '1';

/** By its path; or by a backend that calls a provider, or is told how long a call may take. */
function asksModel(context: Context, location: Directive, route: Member | undefined): string | undefined {
  const { path } = matchOf(location);
  if (MODEL.test(path)) return `the model behind ${path}`;
  const backend = (route ? backendsOf(context, route) : []).find(
    each => providerOf(each) !== undefined || known(context, each, 'timeout.llm') !== undefined,
  );
  return backend && factOf(backend, 'timeout.llm') !== undefined
    ? `${backend.name}, which calls a model,`
    : backend && `${backend.name}, which has a provider's key,`;
}
