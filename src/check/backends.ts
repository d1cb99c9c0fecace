import { factOf, factsOf, type Route } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';
import { membersOf, sameEnvironment } from './knowledge.ts';
import { isProbePath } from './routing.ts';

export const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

const KNOWN = new WeakMap<Context, Map<Member, readonly Member[]>>();

/** The containers and processes that a route leads to; none where that cannot be told. Many rules ask. */
export function backendsOf(context: Context, route: Member): readonly Member[] {
  const known = KNOWN.get(context) ?? new Map<Member, readonly Member[]>();
  KNOWN.set(context, known);
  const found = known.get(route) ?? foundBehind(context, route);
  known.set(route, found);
  return found;
}

function foundBehind(context: Context, route: Member): readonly Member[] {
  const targets = factOf(route, 'route')?.value.to ?? [];
  const able = (member: Member) =>
    member.longRunning &&
    member.platform !== 'config' &&
    /^(?:container|process)$/.test(member.form) &&
    sameEnvironment(member, route) &&
    // What is for development stands behind no proxy of production.
    (member.production || !route.production);
  return [
    ...new Set(
      targets.flatMap(target =>
        nearest(
          route,
          target.host,
          candidates(context, target).filter(member => able(member) && isAt(context, member, target, route)),
        ),
      ),
    ),
  ];
}

/** Of several projects in one repository that have services of one name a proxy is for its own: what shares most of its folder. */
function nearest(route: Member, host: string, found: readonly Member[]): readonly Member[] {
  if (isOwnHost(host) || new Set(found.map(folderOf)).size < 2) return found;
  const own = folderOf(route).split('/');
  const shared = (member: Member) => {
    const steps = folderOf(member).split('/');
    const end = own.findIndex((step, i) => steps[i] !== step);
    return end === -1 ? own.length : end;
  };
  const most = Math.max(...found.map(shared));
  return most === 0 ? found : found.filter(member => shared(member) === most);
}

const folderOf = ({ document }: Member): string => document.name.split('/').slice(0, -1).join('/');

const isOwnHost = (host: string): boolean => LOOPBACK.test(host) || host === 'host.docker.internal';

/** A port may be anybody's; a name is borne by few. */
function candidates(context: Context, { host }: Route['to'][number]): readonly Member[] {
  if (isOwnHost(host)) return context.members;
  const names = BY_NAME.get(context) ?? byName(context);
  BY_NAME.set(context, names);
  return [host, host.split('.')[0] ?? host].flatMap(name => names.get(name) ?? []);
}

const BY_NAME = new WeakMap<Context, ReadonlyMap<string, readonly Member[]>>();

function byName({ members }: Context): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members)
    for (const name of [member.name, ...member.aliases]) {
      const same = found.get(name);
      if (same) same.push(member);
      else found.set(name, [member]);
    }
  return found;
}

function isAt(context: Context, member: Member, { host, port }: Route['to'][number], route: Member): boolean {
  if (isOwnHost(host)) return port !== undefined && opens(context, member, port);
  const named = member.name === host || member.aliases.includes(host);
  const scoped = host.split('.')[0] ?? host;
  if (route.platform === 'kubernetes')
    return (
      member.platform === 'kubernetes' &&
      member.scope === route.scope &&
      (named || member.aliases.includes(scoped))
    );
  return named && member.platform !== 'systemd';
}

/** Whether a port of the host leads to it. */
function opens(context: Context, member: Member, port: number): boolean {
  const isPort = (fact: { value: { port: number } }) => fact.value.port === port;
  if (member.platform !== 'systemd' && member.platform !== 'windows')
    return factsOf(member, 'port.published').some(isPort);
  const own = factsOf(member, 'port.listen');
  if (own.length > 0) return own.some(isPort);
  // The unit leaves it to the program, whose ports aideploy.yaml names.
  return membersOf(context, member).some(
    each => each.platform === 'config' && factsOf(each, 'port.listen').some(isPort),
  );
}

/** Each way from a route to what answers, but for those that only ask how it is. */
export function ways(context: Context): readonly { readonly route: Member; readonly backend: Member }[] {
  return context.members
    .filter(
      member => member.form === 'route' && !isProbePath(factOf(member, 'route')?.value.match.path ?? ''),
    )
    .flatMap(route => backendsOf(context, route).map(backend => ({ route, backend })));
}
