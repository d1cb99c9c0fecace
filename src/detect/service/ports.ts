import type { Node } from '../../syntax/tree.ts';
import type { Evidence, Finding, Note } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { callersOf } from '../program/callers.ts';
import { evaluate, type Value } from '../program/evaluate.ts';
import type { CallSite, Program } from '../program/facts.ts';
import { resolve, type Scope, scopeOf } from '../program/resolve.ts';
import { identityOf } from '../program/routes.ts';
import { typeOf } from '../program/types.ts';
import type { Listener } from './program.ts';
import { address, isLoopback } from './quantities.ts';
import type { ReadRoute } from './routes.ts';

interface Setter {
  name: string;
  form: string;
}

export interface Port {
  role: 'http' | 'grpc' | 'metrics' | 'side';
  port?: Finding<number> | undefined;
  env?: Finding<Setter> | undefined;
  flag?: Finding<Setter> | undefined;
  loopback: boolean;
  evidence: Evidence[];
}

/** The ports that a program listens on, and which is which. */
export function portsOf(listeners: Listener[], routes: ReadRoute[], program: Program): Port[] {
  const read = listeners.flatMap(listener =>
    entriesInto(listener, program).map(scope => ({ port: readPort(listener, scope, routes, program) })),
  );
  const http = read.filter(({ port }) => port.role === 'http');
  // The same server named twice (`http.Server{Addr: addr}`, then `net.Listen("tcp", addr)`) is one port.
  const distinct = http.filter(({ port }, at) => http.findIndex(other => same(other.port, port)) === at);
  return [
    ...distinct.map(({ port }) => port),
    ...read.filter(({ port }) => port.role !== 'http').map(({ port }) => port),
  ];
}

function same(a: Port, b: Port): boolean {
  return a.port?.value === b.port?.value && (a.env?.value.name === b.env?.value.name || !a.env || !b.env);
}

/** A helper that makes servers (`newServer(cfg.MetricsPort, mux)`) makes one for each of its callers. */
function entriesInto({ call }: Listener, program: Program): Scope[] {
  const { fn } = call;
  const callers = fn && fn.params.length > 0 ? callersOf(fn, program) : [];
  const entries = callers
    .slice(0, 9)
    .flatMap(caller => waysInto(caller, program, fn?.owner).map(from => ({ caller, from })));
  const [only, another] = entries;
  if (!fn || !only || entries.length > 8 || (!another && !only.from.frame)) return [scopeOf(call)];
  return entries.map(({ caller, from }) => ({ ...scopeOf(call), frame: { fn, call: caller, from } }));
}

/** Where a method is called on a parameter (`start(s server)`), it is entered by those who hand its type in. */
function waysInto(caller: CallSite, program: Program, owner: string | undefined): Scope[] {
  const scope = scopeOf(caller);
  const on = owner === undefined || !caller.receiver ? undefined : resolve(caller.receiver, scope, program);
  if (on?.kind !== 'parameter') return [scope];
  return callersOf(on.fn, program).flatMap(call => {
    const given = call.args[on.index];
    const isOurs = given && typeOf(given, scopeOf(call), program)?.name === owner;
    return isOurs ? [{ ...scope, frame: { fn: on.fn, call, from: scopeOf(call) } }] : [];
  });
}

function readPort(listener: Listener, scope: Scope, routes: ReadRoute[], program: Program): Port {
  const { call } = listener;
  const value = listener.address && evaluate(listener.address, scope, program);
  const at = scope.frame
    ? evidenceAt(scope.frame.call.file, scope.frame.call.node)
    : evidenceAt(call.file, call.node);
  const text = value?.text ?? listener.fallback;
  const parsed = address(text);
  const evidence = [
    ...telling(value, parsed?.port).filter(each => each.line !== at.line || each.file !== at.file),
    at,
  ];
  const role =
    listener.protocol === 'http' ? roleOf(listener, scope, value, routes, program) : listener.protocol;
  return {
    role,
    port:
      parsed &&
      finding(parsed.port, evidence, value?.text === undefined || value.unsure ? 'likely' : 'certain'),
    env: value?.env && finding({ name: value.env.name, form: formOf(value, value.env.fallback) }, evidence),
    flag:
      value?.flag && !value.env
        ? finding(
            { name: `-${value.flag.name.replace(/^-+/, '')}`, form: formOf(value, value.flag.fallback) },
            evidence,
          )
        : undefined,
    loopback: parsed !== undefined && isLoopback(parsed.host),
    evidence,
  };
}

/** The places that name the variable or the number come first; two of them are enough. */
function telling(value: Value | undefined, port: number | undefined): Evidence[] {
  const score = ({ text = '' }: Evidence) =>
    (value?.env && text.includes(value.env.name) ? 2 : 0) +
    (port !== undefined && text.includes(String(port)) ? 2 : 0);
  const ranked = [...(value?.evidence ?? [])].sort((a, b) => score(b) - score(a));
  const best = ranked.filter(each => score(each) > 0);
  return (best.length > 0 ? best : ranked).slice(0, 2);
}

/** What the variable has to hold: the port alone, or an address with the port in it. */
function formOf(value: Value, fallback: string | undefined): string {
  if (value.partial) return '${port}';
  if (fallback && address(fallback)) return fallback.replace(/\d+(?=\D*$)/, '${port}');
  return /ADDR|BIND|LISTEN/i.test(value.env?.name ?? value.flag?.name ?? '') ? ':${port}' : '${port}';
}

/** A second HTTP listener serves metrics or profiles when its name, or what it serves, says so. */
function roleOf(
  { address: at, handler }: Listener,
  scope: Scope,
  value: Value | undefined,
  routes: ReadRoute[],
  program: Program,
): Port['role'] {
  const names = `${value?.env?.name ?? ''} ${value?.flag?.name ?? ''} ${at && at.endIndex - at.startIndex < 200 ? at.text : ''}`;
  if (/metric|prom/i.test(names)) return 'metrics';
  if (/pprof|debug|admin|internal/i.test(names)) return 'side';
  const handlerText = handler && handler.endIndex - handler.startIndex < 200 ? handler.text : '';
  if (/promhttp\.Handler/.test(handlerText)) return 'metrics';
  const identity = handler && handlerIdentity(handler, scope, program);
  const own = identity ? routes.filter(route => route.root === identity) : [];
  if (
    own.length > 0 &&
    own.every(route => route.marks.metrics || /metrics|health|debug/.test(route.path)) &&
    own.some(route => route.marks.metrics)
  ) {
    return own.length < routes.length ? 'metrics' : 'http';
  }
  if (own.length > 0 && own.every(route => route.path.startsWith('/debug/'))) return 'side';
  return 'http';
}

function handlerIdentity(handler: Node, scope: Scope, program: Program): string | undefined {
  const entity = resolve(handler, scope, program);
  const given =
    entity?.kind === 'parameter' && scope.frame?.fn === entity.fn
      ? scope.frame.call.args[entity.index]
      : undefined;
  return given && scope.frame
    ? identityOf(given, scope.frame.from, program)
    : identityOf(handler, scope, program);
}

export function loopbackNote(key: string, port: Port): Note[] {
  if (!port.loopback) return [];
  return [
    {
      service: key,
      message: 'listens on the loopback address only, so nothing outside its container or host can reach it',
      evidence: port.evidence.slice(0, 2),
      propose: port.env
        ? `Set ${port.env.value.name} so that it listens on all addresses.`
        : 'Listen on all addresses (":PORT" or "0.0.0.0").',
    },
  ];
}

/** A service has one port that is asked; what else it listens on is for a person to place. */
export const furtherNotes = (key: string, ports: readonly Port[]): Note[] =>
  ports
    .filter(({ role }) => role === 'http')
    .slice(1)
    .flatMap(({ port, evidence }) =>
      port === undefined
        ? []
        : [
            {
              service: key,
              message: `listens on a further port, ${port.value}`,
              evidence: evidence.slice(0, 2),
              propose: `Give it as services.${key}.metrics.port, or as services.${key}.ports.<name> where another service asks it.`,
            },
          ],
    );
