import type { DetectedHealth, Finding, Note } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { evaluate } from '../program/evaluate.ts';
import type { Program } from '../program/facts.ts';
import { scopeOf } from '../program/resolve.ts';
import type { ReadRoute } from './routes.ts';

const roles = {
  live: /(^|\/)(live|livez|liveness|alive|health[-_/]?live(ness)?|healthz\/live)$/,
  ready: /(^|\/)(ready|readyz|readiness|health[-_/]?ready|health[-_/]?readiness)$/,
  startup: /(^|\/)(startup|startupz|started|health[-_/]?startup)$/,
  deep: /(^|\/)(deep|health[-_/](deep|full|details?|dependencies|check\/deep)|deep[-_]health|healthz\/deep)$/,
  /** Says that it is up, without saying which. */
  any: /(^|\/)(health|healthz|health[-_]?check|healthcheck|_health|status|heartbeat|up)$/,
  ping: /(^|\/)(ping|pong)$/,
};

type Role = keyof typeof roles;

/** Chooses the routes that say how the program is. Shorter paths win: `/health/live` before `/api/v1/users/live`. */
export function healthOf(routes: ReadRoute[]): DetectedHealth {
  const readable = routes.filter(
    ({ method, path }) => (!method || method === 'GET' || method === 'HEAD') && !/[{:*<[]/.test(path),
  );
  const byRole = (role: Role) =>
    pick(readable.filter(({ path }) => roles[role].test(path.replace(/\/$/, ''))));
  const any = byRole('any') ?? byRole('ping');
  const live = byRole('live') ?? any ?? undefined;
  const ready = byRole('ready') ?? any ?? live;
  const health: DetectedHealth = { missing: !live && !ready };
  const set = (role: 'live' | 'ready' | 'startup' | 'deep', route: ReadRoute | undefined, sure = true) => {
    if (route)
      health[role] = finding(
        route.path,
        evidenceAt(route.call.file, route.call.node),
        sure ? 'certain' : 'likely',
      );
  };
  set('live', live ?? ready, live !== undefined);
  set('ready', ready, true);
  set('startup', byRole('startup'));
  set(
    'deep',
    byRole('deep') ?? (any && any !== live && any !== ready && any.marks.database ? any : undefined),
  );
  return health;
}

function pick(routes: ReadRoute[]): ReadRoute | undefined {
  const depth = ({ path }: ReadRoute) => path.split('/').length;
  return [...routes].sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1))[0];
}

/** Pages that belong to somebody, or change something. */
const personal =
  /\/(me|my|admin|users?|accounts?|log-?(in|out)|auth|oauth|sessions?|private|reset|callback)(\/|$)|metrics$/;

/** What can be asked meanwhile of a program without health routes: a page that takes no parameter and touches nothing. */
export function standIn(routes: ReadRoute[], program: Program): Finding<string> | undefined {
  const calm = routes.filter(
    ({ method, path, marks, kind }) =>
      (!method || method === 'GET') &&
      !/[{:*<[]/.test(path) &&
      !personal.test(path) &&
      !(kind || marks.stream || marks.database || marks.upstream),
  );
  const plain =
    calm.find(({ path }) => path === '/') ?? calm.find(({ path }) => /(version|info|models?)$/.test(path));
  const chosen = plain ?? (describedAt(program) ? undefined : calm.find(({ method }) => method === 'GET'));
  if (chosen) return finding(chosen.path, evidenceAt(chosen.call.file, chosen.call.node), 'likely');
  return describedAt(program);
}

/** FastAPI describes itself unless told not to. */
function describedAt(program: Program): Finding<string> | undefined {
  const [app] = program.callsByName.get('FastAPI') ?? [];
  const given = app?.keywords.get('openapi_url');
  const path = given && app ? evaluate(given, scopeOf(app), program)?.text : '/openapi.json';
  return app && path?.startsWith('/') ? finding(path, evidenceAt(app.file, app.node), 'likely') : undefined;
}

/** A liveness probe that asks a database restarts every instance when the database is away. */
export function livenessNotes(key: string, health: DetectedHealth, routes: ReadRoute[]): Note[] {
  const route = routes.find(({ path }) => path === health.live?.value);
  const culprit = route?.marks.database;
  if (!route || !culprit) return [];
  const combined = health.live?.value === health.ready?.value;
  return [
    {
      service: key,
      message: `${route.path} touches the database, so a database outage would restart every instance${combined ? '; it is the only health route' : ''}`,
      evidence: [evidenceAt(route.call.file, route.call.node), evidenceAt(culprit.file, culprit.node)],
      propose: combined
        ? 'Add a liveness route that touches no dependency, and keep this one for readiness.'
        : 'Answer liveness without asking any dependency; leave that to readiness.',
    },
  ];
}
