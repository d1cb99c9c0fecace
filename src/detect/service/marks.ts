import type { CallSite } from '../program/facts.ts';
import type { Reached } from '../program/reach.ts';

/** What running a handler does, as far as a deployment cares. */
export interface Marks {
  stream?: 'sse' | 'websocket';
  metrics: boolean;
  /** The call that touches a database or another service. */
  database?: CallSite;
  upstream?: CallSite;
}

const sseCall =
  /(^|\.)(EventSourceResponse|SSEvent|streamSSE|StreamSSE|SetBodyStreamWriter|ServerSentEvent|toDataStreamResponse|toUIMessageStreamResponse|pipe(Data|UIMessage)StreamToResponse)$/;
const webSocketCall =
  /(^|\.)(upgrader\.Upgrade|Upgrader\.Upgrade|websocket\.(Accept|Upgrade|Handler|New)|upgradeWebSocket|ws\.Upgrade|WebSocketServer)$|[uU]pgrader\.Upgrade$/;
const metricsCall =
  /(^|\.)(promhttp\.(Handler|HandlerFor|InstrumentMetricHandler)|generate_latest|make_asgi_app|make_wsgi_app|register\.metrics|[rR]egistry\.metrics|client\.register\.metrics|NewPrometheus|WritePrometheus)$/;
const databaseCall =
  /(^|\.)(\w*([dD][bB]|[pP]ool|[cC]onn|[sS]ession|[eE]ngine|[cC]ursor|[pP]risma|knex|sequelize|mongoose|sql|SQL|[dD]atabase)\w*)\.(\w+\.)?(Ping|PingContext|Query|QueryRow|QueryContext|QueryRowContext|Exec|ExecContext|Raw|execute|exec|fetch\w*|scalar\w*|connect|query|\$queryRaw|\$queryRawUnsafe|select|raw|authenticate|acquire|ping|command)$/;
const upstreamCall =
  /(^|\.)(http\.(Get|Post|Do|NewRequest|NewRequestWithContext)|requests\.\w+|httpx\.\w+|fetch|axios(\.\w+)?|got(\.\w+)?)$|[cC]lient\.(Do|Get|get|post|stream|request)$|(completions|messages|responses|embeddings)\.(create|stream|New|NewStreaming|parse)$/;

export function marksOf(reached: Reached): Marks {
  const marks: Marks = { metrics: false };
  if (reached.strings.some(({ literal }) => literal.text.includes('text/event-stream'))) marks.stream = 'sse';
  for (const call of reached.calls) {
    // Texts of an inline handler stand in its calls (`w.Header().Set("Content-Type", "text/event-stream")`).
    if (sseCall.test(call.dotted) || call.args.some(arg => /text\/event-stream/.test(short(arg))))
      marks.stream ??= 'sse';
    if ([...call.keywords.values()].some(value => /text\/event-stream/.test(short(value))))
      marks.stream ??= 'sse';
    if (webSocketCall.test(call.dotted)) marks.stream = 'websocket';
    if (metricsCall.test(call.dotted)) marks.metrics = true;
    if (databaseCall.test(call.dotted)) marks.database ??= call;
    if (upstreamCall.test(call.dotted)) marks.upstream ??= call;
  }
  return marks;
}

function short(node: CallSite['node']): string {
  return node.endIndex - node.startIndex < 400 ? node.text : '';
}
