import { contains } from '../../syntax/tree.ts';
import type { Finding } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { callAt } from '../program/calls.ts';
import { evaluate } from '../program/evaluate.ts';
import type { CallSite, Program } from '../program/facts.ts';
import { resolve, scopeOf } from '../program/resolve.ts';
import type { Dialect, Listener, TimeLimit } from '../service/program.ts';
import { address } from '../service/quantities.ts';
import { goRoutes } from './routes.ts';

export const goDialect: Dialect = {
  language: 'go',
  routes: goRoutes,
  listeners,
  timeLimits,
  bodyLimits,
  grpcService,
};

function listeners(program: Program): Listener[] {
  const servesGrpc = (program.callsByName.get('NewServer') ?? []).some(
    call => call.dotted === 'grpc.NewServer',
  );
  const modules = new Set(program.files.flatMap(file => file.imports.map(({ module }) => module)));
  const used = Object.entries(frameworks).filter(([, framework]) =>
    [...modules].some(module => module.startsWith(framework)),
  );
  const methods = new Set(used.map(([method]) => method));
  return program.files.flatMap(file =>
    file.calls.flatMap(call => {
      const found = listenerOf(call, program, servesGrpc, methods);
      return found ? [{ call, ...found }] : [];
    }),
  );
}

/** Frameworks that listen by a method of their own. */
const frameworks: Record<string, string> = {
  Run: 'github.com/gin-gonic/gin',
  Start: 'github.com/labstack/echo',
  Listen: 'github.com/gofiber/fiber',
};

function listenerOf(
  call: CallSite,
  program: Program,
  servesGrpc: boolean,
  methods: ReadonlySet<string>,
): Omit<Listener, 'call'> | undefined {
  const { dotted, name, args, keywords } = call;
  const [first, second] = args;
  if (/^(http|fasthttp)\.ListenAndServe(TLS)?$/.test(dotted))
    return { protocol: 'http', address: first, handler: args.at(-1) };
  if (dotted === 'http.Server' && keywords.size > 0) return server(call, program);
  if (/^net\.Listen$|ListenConfig\w*\.Listen$|^lc\.Listen$/.test(dotted)) {
    const at = dotted === 'net.Listen' ? second : args[2];
    return at && { protocol: servesGrpc && isForGrpc(call, program) ? 'grpc' : 'http', address: at };
  }
  if (!methods.has(name)) return undefined;
  const isAddress = first && address(evaluate(first, scopeOf(call), program)?.text) !== undefined;
  if (isAddress) return { protocol: 'http', address: first, handler: call.receiver };
  if (name === 'Run' && args.length === 0 && madeBy(call, /^gin\./, program))
    return { protocol: 'http', fallback: ':8080', handler: call.receiver };
  return undefined;
}

/** The address of an `http.Server` may be set after it is made. */
function server(call: CallSite, program: Program): Omit<Listener, 'call'> | undefined {
  const handler = call.keywords.get('Handler');
  const later = call.file.bindings.find(
    ({ name, kind, fn }) => name === 'Addr' && kind === 'field' && fn === call.fn && fn,
  );
  const at = call.keywords.get('Addr') ?? later?.value;
  const servesListener = (program.callsByName.get('Serve') ?? []).length > 0;
  return at
    ? { protocol: 'http', address: at, handler }
    : servesListener
      ? undefined
      : { protocol: 'http', handler };
}

function madeBy(call: CallSite, pattern: RegExp, program: Program): boolean {
  const entity = call.receiver && resolve(call.receiver, scopeOf(call), program);
  if (entity?.kind !== 'bindings') return false;
  return entity.bindings.some(binding => {
    const made = binding.value && callAt(binding.value, binding.file);
    return made !== undefined && pattern.test(made.dotted);
  });
}

/** Is the listener handed to a gRPC server's `Serve`? */
function isForGrpc(call: CallSite, program: Program): boolean {
  const bound = call.file.bindings.find(binding => binding.value && contains(binding.value, call.node));
  const serves = (program.callsByName.get('Serve') ?? []).filter(
    serve => serve.file === call.file && serve.args.some(arg => arg.text === bound?.name),
  );
  if (serves.some(serve => serve.dotted === 'http.Serve')) return false;
  if (serves.some(serve => madeBy(serve, /^grpc\.NewServer$/, program))) return true;
  if (serves.some(serve => madeBy(serve, /^http\.Server$/, program))) return false;
  return /grpc|rpc/i.test(
    `${bound?.name} ${call.args.map(arg => arg.text).join(' ')} ${serves.map(serve => serve.dotted).join(' ')}`,
  );
}

const speaksToModel = /llm|openai|anthropic|provider|model|completion|ollama|inference/i;
const serverLimits = ['ReadTimeout', 'WriteTimeout', 'IdleTimeout', 'ReadHeaderTimeout'];

function timeLimits(program: Program): TimeLimit[] {
  return program.files.flatMap(file => file.calls.flatMap(limitsOf));
}

function limitsOf(call: CallSite): TimeLimit[] {
  const [first, second] = call.args;
  const limit = (role: TimeLimit['role'], name: string, value = second): TimeLimit[] =>
    value ? [{ role, name, value, call }] : [];
  if (call.dotted === 'http.Server') {
    return serverLimits.flatMap(name =>
      call.keywords.has(name) ? limit('server', name, call.keywords.get(name)) : [],
    );
  }
  if (call.dotted === 'http.Client')
    return call.keywords.has('Timeout') && speaksToModel.test(call.file.path)
      ? limit('llm', 'http.Client Timeout', call.keywords.get('Timeout'))
      : [];
  if (call.dotted === 'http.TimeoutHandler') return limit('request', 'TimeoutHandler');
  if (call.dotted === 'middleware.Timeout') return limit('request', call.dotted, first);
  return call.dotted === 'context.WithTimeout' && stops(call) ? limit('drain', 'Shutdown') : [];
}

/** Is the context used to shut a server down in the same function? */
function stops(call: CallSite): boolean {
  const bound = call.file.bindings.find(binding => binding.value && contains(binding.value, call.node));
  return call.file.calls.some(
    each =>
      /^(Shutdown|ShutdownWithContext)$/.test(each.name) &&
      each.fn === call.fn &&
      each.args.some(arg => arg.text === bound?.name),
  );
}

function bodyLimits(program: Program): { value: CallSite['node']; call: CallSite }[] {
  return program.files.flatMap(file =>
    file.calls.flatMap(call => {
      const value =
        call.dotted === 'http.MaxBytesReader'
          ? call.args[2]
          : /^(http\.MaxBytesHandler|io\.LimitReader)$/.test(call.dotted)
            ? call.args[1]
            : call.keywords.get('BodyLimit');
      return value ? [{ value, call }] : [];
    }),
  );
}

function grpcService(program: Program): Finding<string> | undefined {
  for (const file of program.files) {
    for (const call of file.calls) {
      const service = /^Register(\w+)Server$/.exec(call.name)?.[1];
      if (service && service !== 'Health' && call.args.length === 2)
        return finding(service, evidenceAt(file, call.node));
    }
  }
  return undefined;
}
