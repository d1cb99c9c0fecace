import { children, type Node } from '../../syntax/tree.ts';
import type { Finding } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import type { CallSite, Program } from '../program/facts.ts';
import type { Dialect, Listener, TimeLimit } from '../service/program.ts';
import { listedRoutes, pythonRoutes } from './routes.ts';

export const pythonDialect: Dialect = {
  language: 'python',
  routes: pythonRoutes,
  moreRoutes: listedRoutes,
  listeners: program => program.files.flatMap(file => file.calls.flatMap(call => listenerOf(call))),
  timeLimits: program => program.files.flatMap(file => file.calls.flatMap(limitsOf)),
  bodyLimits: program =>
    program.files.flatMap(file =>
      file.calls.flatMap(call => {
        const value = call.keywords.get('client_max_size') ?? call.keywords.get('request_max_body_size');
        return value ? [{ value, call }] : [];
      }),
    ),
  grpcService,
};

function listenerOf(call: CallSite): Listener[] {
  const { dotted, name, args, keywords } = call;
  const port = keywords.get('port');
  const imports = (pattern: RegExp) => call.file.imports.some(({ module }) => pattern.test(module));
  if (dotted === 'uvicorn.run' || dotted === 'uvicorn.Config')
    return [{ call, protocol: 'http', address: port, fallback: '8000', handler: args[0] }];
  if (dotted === 'web.run_app')
    return [{ call, protocol: 'http', address: port, fallback: '8080', handler: args[0] }];
  if (
    (name === 'serve' && imports(/^waitress$/)) ||
    (name === 'run' && imports(/^(flask|quart|sanic|bottle)$/) && call.receiver)
  ) {
    return [
      {
        call,
        protocol: 'http',
        address: port,
        fallback: imports(/^(flask|quart)$/) ? '5000' : '8000',
        handler: args[0],
      },
    ];
  }
  if (name === 'start_http_server')
    return (args[0] ?? port) ? [{ call, protocol: 'metrics', address: args[0] ?? port }] : [];
  if (/^add_(in)?secure_port$/.test(name)) return [{ call, protocol: 'grpc', address: args[0] }];
  if (/^(HTTPServer|ThreadingHTTPServer|make_server)$/.test(name) && args[0]) {
    return [
      { call, protocol: 'http', address: args[0].type === 'tuple' ? children(args[0]).at(-1) : args[1] },
    ];
  }
  return [];
}

const limitNames: Record<string, TimeLimit['role']> = {
  timeout_graceful_shutdown: 'drain',
  graceful_timeout: 'drain',
  shutdown_timeout: 'drain',
  timeout_keep_alive: 'server',
};
const client =
  /^(\w+\.)?(Async)?(OpenAI|Anthropic|AzureOpenAI|ChatOpenAI|ChatAnthropic|Mistral|Groq|Client)$/;

function limitsOf(call: CallSite): TimeLimit[] {
  const limits = [...call.keywords].flatMap(([name, value]): TimeLimit[] => {
    const role = limitNames[name];
    return role && value.type !== 'none' ? [{ role, name, value, call }] : [];
  });
  const timeout: Node | undefined = call.keywords.get('timeout');
  if (timeout && client.test(call.dotted) && !/^httpx?\./.test(call.dotted))
    limits.push({ role: 'llm', name: `${call.dotted} timeout`, value: timeout, call });
  return limits;
}

function grpcService(program: Program): Finding<string> | undefined {
  for (const file of program.files) {
    for (const call of file.calls) {
      const service = /^add_(\w+)Servicer_to_server$/.exec(call.name)?.[1];
      if (service && service !== 'Health') return finding(service, evidenceAt(file, call.node));
    }
  }
  return undefined;
}
