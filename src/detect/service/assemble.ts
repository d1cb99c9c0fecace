import type { DetectedMigrations, DetectedService, EnvVariable, Finding, Note } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { envReads } from '../program/envreads.ts';
import { type Program, programOf } from '../program/facts.ts';
import { healthOf, livenessNotes, standIn } from './health.ts';
import { bodyLimitOf, timeoutsOf } from './limits.ts';
import { corsOf, databaseOf, libraryKeys, outsideOf } from './outside.ts';
import { furtherNotes, loopbackNote, type Port, portsOf } from './ports.ts';
import type { Dialect, Entry } from './program.ts';
import { type ReadRoute, readRoutes } from './routes.ts';
import { streamOf } from './stream.ts';
import { variablesOf } from './variables.ts';

interface Assembled {
  service: DetectedService;
  notes: Note[];
}

/** Reads everything that a deployment has to know about one program. */
export function assemble(
  entry: Entry,
  dialect: Dialect,
  migrations: (program: Program) => DetectedMigrations | undefined,
): Assembled {
  const program = programOf(entry.files);
  const routes = readRoutes(program, dialect);
  const ports = portsOf(dialect.listeners(program), routes, program);
  const env = variablesOf(envReads(program));
  env.push(...libraryKeys(program, env));
  env.sort((a, b) => (a.name < b.name ? -1 : 1));
  const main = ports.find(({ role }) => role === 'http');
  const kind = entry.kind ?? kindOf(entry, ports);
  const service = baseService(entry, kind, env);
  const notes: Note[] = [];
  if (kind.value === 'http') {
    notes.push(...addServing(service, entry, routes, main, program), ...furtherNotes(entry.key, ports));
    const cors = corsOf(program, env);
    if (cors.cors) service.cors = cors.cors;
    notes.push(...cors.notes.map(note => ({ ...note, service: entry.key })));
  }
  addPorts(service, ports, routes, dialect, program);
  service.timeouts = timeoutsOf(program, dialect, env);
  const body = bodyLimitOf(program, dialect, env);
  if (body) service.limits.body = body;
  const outside = outsideOf(program, env);
  service.egress = outside.egress;
  // Where it listens itself is no address of another.
  const local = outside.local.filter(({ env: name }) => !ports.some(each => each.env?.value.name === name));
  notes.push(...localNotes(entry.key, local), ...streamNotes(service));
  const database = databaseOf(program, env);
  if (database) service.usesDatabase = database;
  const runs = migrations(program);
  if (runs) service.migrations = runs;
  return { service, notes };
}

function kindOf(entry: Entry, ports: Port[]): DetectedService['kind'] {
  const serves = ports.find(({ role }) => role === 'http' || role === 'grpc');
  return serves ? finding('http', serves.evidence) : finding('worker', entry.evidence, 'likely');
}

function baseService(entry: Entry, kind: DetectedService['kind'], env: EnvVariable[]): DetectedService {
  const { key, dir, language, framework, version, build, command, schedule } = entry;
  return {
    key,
    dir,
    language,
    ...(framework ? { framework } : {}),
    ...(version ? { version } : {}),
    build,
    kind,
    health: { missing: false, ...entry.health },
    routes: [],
    env,
    timeouts: { server: [] },
    limits: {},
    egress: [],
    ...(command ? { command } : {}),
    ...(schedule ? { schedule } : {}),
  };
}

function addServing(
  service: DetectedService,
  entry: Entry,
  routes: ReadRoute[],
  main: Port | undefined,
  program: Program,
): Note[] {
  const notes: Note[] = [];
  const port = main?.port ?? entry.port;
  if (port) service.port = port;
  const portEnv = main?.env ?? entry.portEnv;
  if (portEnv) service.portEnv = portEnv;
  else if (main?.flag) service.portFlag = main.flag;
  if (main) notes.push(...loopbackNote(entry.key, main));
  service.routes = routes.map(({ method, path, call }) =>
    finding({ ...(method ? { method } : {}), path }, evidenceAt(call.file, call.node)),
  );
  service.health = { ...healthOf(routes), ...entry.health };
  notes.push(...livenessNotes(entry.key, service.health, routes));
  if (service.health.missing) {
    const meanwhile = standIn(routes, program);
    if (meanwhile) Object.assign(service.health, { live: meanwhile, ready: meanwhile });
  }
  const stream = streamOf(routes, service.env);
  if (stream) service.stream = stream;
  return notes;
}

function addPorts(
  service: DetectedService,
  ports: Port[],
  routes: ReadRoute[],
  dialect: Dialect,
  program: Program,
): void {
  // A metrics port that is the service's own unless it is set is no second port.
  const own = ports.find(({ role, port }) => role === 'metrics' && port?.value !== service.port?.value);
  const route =
    routes.find(({ marks }) => marks.metrics) ?? routes.find(({ path }) => /(^|\/)metrics$/.test(path));
  if (own || route) {
    const evidence = [
      ...(own?.evidence ?? []),
      ...(route ? [evidenceAt(route.call.file, route.call.node)] : []),
    ];
    const port = own?.port?.value;
    service.metrics = finding(
      {
        ...(port ? { port } : {}),
        path: route?.path ?? '/metrics',
        ...(own?.env ? { portEnv: own.env.value } : {}),
      },
      evidence,
    );
  }
  const grpc = ports.find(({ role }) => role === 'grpc');
  if (!grpc) return;
  const name = dialect.grpcService(program);
  const value = {
    ...(grpc.port ? { port: grpc.port.value } : {}),
    ...(name ? { service: name.value } : {}),
    ...(grpc.env ? { portEnv: grpc.env.value } : {}),
  };
  service.grpc = finding(value, [...grpc.evidence, ...(name?.evidence ?? [])]);
}

function localNotes(key: string, local: { env: string; url: string; evidence: Note['evidence'] }[]): Note[] {
  return local.map(({ env, url, evidence }) => ({
    service: key,
    message: `${env} is ${url} unless set, which in a container or pod is the program itself`,
    ...(evidence ? { evidence } : {}),
    propose: `Point ${env} at the service that it means, such as \${services.<name>.${url.includes('://') ? 'url' : 'grpc'}}, or at an address under egress.`,
  }));
}

/** A write timeout ends every stream that lasts longer. */
function streamNotes(service: DetectedService): Note[] {
  const write: Finding<{ name: string; duration: string }> | undefined = service.timeouts.server.find(
    ({ value }) => value.name === 'WriteTimeout',
  );
  if (!write || !service.stream) return [];
  return [
    {
      service: service.key,
      message: `WriteTimeout ${write.value.duration} cuts every stream that lasts longer`,
      evidence: write.evidence,
      propose:
        'Leave WriteTimeout at 0 and bound other requests by http.TimeoutHandler, or lift it for streams with http.ResponseController.SetWriteDeadline.',
    },
  ];
}
