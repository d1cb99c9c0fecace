import type { Config } from '../config/schema/config.ts';

type Family = Config['observability']['metrics']['family'];

/** What the program calls its metrics, and the labels that tell them apart; what it lacks is undefined. */
export interface MetricNames {
  /** A counter of requests. */
  readonly requests: string | undefined;
  /** A matcher of those requests that failed. */
  readonly failed: string | undefined;
  /** A histogram of seconds, without `_bucket`. */
  readonly duration: string | undefined;
  /** The label of both that holds the path, by which streams are left out of latencies. */
  readonly path: string | undefined;
  /** A counter of tokens, and the label that holds `input` or `output`. */
  readonly tokens: string | undefined;
  readonly direction: string;
  /** A gauge of requests in flight. */
  readonly active: string | undefined;
  /** A counter of errors by kind. */
  readonly errors: string | undefined;
  readonly errorKind: string;
  /** What this family has beyond that, for its dashboard. */
  readonly further: readonly FurtherMetric[];
}

export interface FurtherMetric {
  readonly title: string;
  readonly name: string;
  /** A counter is shown by the second, a histogram of seconds by its 95th percentile. */
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly labels: readonly string[];
}

const AIXGO: readonly FurtherMetric[] = [
  {
    title: 'gRPC requests a second',
    name: 'aixgo_grpc_requests_total',
    kind: 'counter',
    labels: ['method', 'status'],
  },
  {
    title: 'gRPC latency, p95',
    name: 'aixgo_grpc_request_duration_seconds',
    kind: 'histogram',
    labels: ['method'],
  },
  {
    title: 'Tool calls a second',
    name: 'aixgo_mcp_tool_calls_total',
    kind: 'counter',
    labels: ['tool', 'status'],
  },
  {
    title: 'Tool latency, p95',
    name: 'aixgo_mcp_tool_call_duration_seconds',
    kind: 'histogram',
    labels: ['tool'],
  },
  {
    title: 'Agent messages a second',
    name: 'aixgo_agent_messages_total',
    kind: 'counter',
    labels: ['agent', 'type'],
  },
  {
    title: 'Agent executions, p95',
    name: 'aixgo_agent_execution_duration_seconds',
    kind: 'histogram',
    labels: ['agent'],
  },
  { title: 'Goroutines', name: 'aixgo_goroutines', kind: 'gauge', labels: ['service', 'instance'] },
];

const SERVER_ERRORS = `=~'5..'`;

/** What OpenTelemetry's names become in Prometheus: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/ */
const GEN_AI_DURATION = 'gen_ai_client_operation_duration_seconds';

const FAMILIES: Readonly<Record<'ai' | 'aixgo' | 'gen_ai', MetricNames>> = {
  ai: {
    requests: 'ai_requests_total',
    failed: `status${SERVER_ERRORS}`,
    duration: 'ai_request_duration_seconds',
    path: 'endpoint',
    tokens: 'ai_tokens_total',
    direction: 'direction',
    active: 'ai_active_requests',
    errors: 'ai_errors_total',
    errorKind: 'type',
    further: [],
  },
  aixgo: {
    requests: 'aixgo_http_requests_total',
    failed: `status${SERVER_ERRORS}`,
    duration: 'aixgo_http_request_duration_seconds',
    path: 'path',
    tokens: undefined,
    direction: 'direction',
    active: 'aixgo_active_connections',
    errors: undefined,
    errorKind: 'type',
    further: AIXGO,
  },
  gen_ai: {
    requests: `${GEN_AI_DURATION}_count`,
    failed: `error_type!=''`,
    duration: GEN_AI_DURATION,
    path: undefined,
    tokens: 'gen_ai_client_token_usage_sum',
    direction: 'gen_ai_token_type',
    active: undefined,
    errors: undefined,
    errorKind: 'error_type',
    further: [],
  },
};

export function metricNames(family: Family): MetricNames {
  if (typeof family === 'string') return FAMILIES[family];
  const { requests, duration, statusLabel, pathLabel, directionLabel, kindLabel } = family;
  return {
    // A histogram counts what it measures.
    requests: requests ?? (duration && `${duration}_count`),
    failed: requests && `${statusLabel}${SERVER_ERRORS}`,
    duration,
    path: pathLabel,
    tokens: family.tokens,
    direction: directionLabel,
    active: family.active,
    errors: family.errors,
    errorKind: kindLabel,
    further: [],
  };
}
