import { factOf, type Route } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';

/** Every route, with those of the same server, among which a request chooses. */
export function serversIn({ members }: Context): readonly (readonly Member[])[] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const route = factOf(member, 'route')?.value;
    if (!route) continue;
    const key = `${member.document.name} ${route.server}`;
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups.values()];
}

/**
 * The route that nginx takes for a path; undefined where none fits, or an expression that is not
 * evaluated here could. https://nginx.org/en/docs/http/ngx_http_core_module.html#location
 */
export function routeFor(routes: readonly Member[], path: string): Member | undefined {
  const matching = (how: readonly Route['match']['how'][]) =>
    routes.filter(route => how.includes(matchOf(route)?.how ?? 'named'));
  const exact = matching(['=']).find(route => matchOf(route)?.path === path);
  if (exact) return exact;
  const longest = matching(['prefix', '^~'])
    .filter(route => path.startsWith(matchOf(route)?.path ?? '\0'))
    .sort((a, b) => (matchOf(b)?.path.length ?? 0) - (matchOf(a)?.path.length ?? 0))[0];
  if (longest && matchOf(longest)?.how === '^~') return longest;
  for (const route of matching(['~', '~*'])) {
    const fits = fitting(matchOf(route), path);
    if (fits === undefined) return undefined;
    if (fits) return route;
  }
  return longest;
}

const matchOf = (route: Member): Route['match'] | undefined => factOf(route, 'route')?.value.match;

/** Of other people's expressions only those are evaluated that cannot take long. */
function fitting(match: Route['match'] | undefined, path: string): boolean | undefined {
  if (!match || match.path.length > 200 || /\)[*+{]|\\\d|\(\?[^:]/.test(match.path) || path.length > 200)
    return undefined;
  if ((match.path.match(/[*+]/g)?.length ?? 0) > 3) return undefined;
  try {
    return new RegExp(match.path, match.how === '~*' ? 'i' : '').test(path);
  } catch {
    return undefined;
  }
}

/** A path that asks how the service is or looks into it, and not for its work. */
export const isProbePath = (path: string): boolean =>
  /(?:^|[/^])(?:health\w*|healthz|live(?:ness|z)?|ready(?:ness|z)?|readiness|ping|status|metrics|startup|up|debug)(?:[/$?;(\\]|$)/i.test(
    path,
  );
