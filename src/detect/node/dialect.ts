import type { Finding } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import type { Binding, CallSite, Program, SourceFile } from '../program/facts.ts';
import type { Dialect, Listener, TimeLimit } from '../service/program.ts';
import { nodeRoutes } from './routes.ts';
import { writtenRoutes } from './written.ts';

export const nodeDialect: Dialect = {
  language: 'node',
  routes: nodeRoutes,
  moreRoutes: writtenRoutes,
  listeners: program => program.files.flatMap(file => file.calls.flatMap(listenerOf)),
  timeLimits: program =>
    program.files.flatMap(file => [...file.calls.flatMap(limitsOf), ...file.bindings.flatMap(assignedLimit)]),
  bodyLimits,
  grpcService,
};

function listenerOf(call: CallSite): Listener[] {
  const { name, args, keywords, receiver, dotted } = call;
  const [first] = args;
  if (name === 'listen' && receiver && first && !/^(arrow_function|function_expression)$/.test(first.type)) {
    const handler = serverHandler(call) ?? receiver;
    return [
      {
        call,
        protocol: 'http',
        address: keywords.get('port') ?? (first.type === 'object' ? undefined : first),
        handler,
      },
    ];
  }
  const imports = (module: string) => call.file.imports.some(entry => entry.module === module);
  if (
    (name === 'serve' && (imports('@hono/node-server') || dotted === 'Bun.serve')) ||
    dotted === 'Deno.serve'
  ) {
    return [
      {
        call,
        protocol: 'http',
        address: keywords.get('port'),
        fallback: '3000',
        handler: keywords.get('fetch'),
      },
    ];
  }
  if (name === 'bindAsync' && first) return [{ call, protocol: 'grpc', address: first }];
  return [];
}

/** `createServer(scrape).listen(9090)` serves what it was made with, also through `.on(…)`. */
function serverHandler(call: CallSite): Listener['handler'] {
  const made = call.file.calls.find(
    each =>
      each.name === 'createServer' && call.receiver && each.node.startIndex === call.receiver.startIndex,
  );
  return made?.args.at(-1);
}

const limitNames: Record<string, TimeLimit['role']> = {
  requestTimeout: 'server',
  keepAliveTimeout: 'server',
  headersTimeout: 'server',
  connectionTimeout: 'server',
};

function limitsOf(call: CallSite): TimeLimit[] {
  const limits = [...call.keywords].flatMap(([name, value]): TimeLimit[] => {
    const role = /createServer|^fastify|^Fastify/.test(call.dotted) ? limitNames[name] : undefined;
    return role ? [{ role, name, value, call }] : [];
  });
  const timeout = call.keywords.get('timeout');
  if (timeout && /^(OpenAI|Anthropic|Groq|Mistral|AzureOpenAI)$/.test(call.name))
    limits.push({ role: 'llm', name: `${call.name} timeout`, value: timeout, call });
  const [first, second] = call.args;
  // `setTimeout(() => process.exit(1), 30_000)`: the end of patience after SIGTERM.
  if (
    call.name === 'setTimeout' &&
    first &&
    second &&
    /process\.exit\(|closeAllConnections|\.destroy\(/.test(first.text.slice(0, 300))
  )
    limits.push({ role: 'drain', name: 'DrainMs', value: second, call });
  return limits;
}

/** `server.requestTimeout = 60_000` */
function assignedLimit(binding: Binding): TimeLimit[] {
  const role =
    binding.kind === 'field' && binding.node.type === 'assignment_expression'
      ? limitNames[binding.name]
      : undefined;
  if (!role || !binding.value) return [];
  const call: CallSite = {
    node: binding.node,
    dotted: '',
    name: '',
    args: [],
    keywords: new Map(),
    fn: binding.fn,
    file: binding.file,
  };
  return [{ role, name: `${binding.name}Ms`, value: binding.value, call }];
}

function bodyLimits(program: Program): { value: CallSite['node']; call: CallSite }[] {
  return program.files.flatMap((file: SourceFile) =>
    file.calls.flatMap(call => {
      const value =
        call.keywords.get('bodyLimit') ??
        (/(^|\.)(json|urlencoded|raw|bodyParser|koaBody)$/.test(call.dotted)
          ? (call.keywords.get('limit') ?? call.keywords.get('jsonLimit'))
          : undefined);
      return value ? [{ value, call }] : [];
    }),
  );
}

function grpcService(program: Program): Finding<string> | undefined {
  for (const call of program.callsByName.get('addService') ?? []) {
    const parts = call.args[0]?.text.split('.') ?? [];
    const service = parts.at(-1) === 'service' ? parts.at(-2) : undefined;
    if (service) return finding(service, evidenceAt(call.file, call.node));
  }
  return undefined;
}
