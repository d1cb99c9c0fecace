import { type AnyFact, type Component, factsOf } from '../artifacts/fact.ts';
import { binarySize, variableDuration } from '../artifacts/quantities.ts';

const PROVIDER = '(?:LLM|OPENAI|ANTHROPIC|CLAUDE|GEMINI|MISTRAL|GROQ|COHERE|OLLAMA|VLLM|MODEL|PROVIDER)';
const TIMED = '(?:_(?:SECONDS|SEC|S|MS|MILLIS))?';

type Timed =
  | 'llm.backoff'
  | 'stop.drain'
  | 'stream.heartbeat'
  | 'stream.max'
  | 'timeout.health'
  | 'timeout.llm'
  | 'timeout.request'
  | 'timeout.worker';

/** Names of variables that say what their values mean; any other meaning needs aideploy.yaml. */
const DURATIONS: readonly (readonly [RegExp, Timed])[] = [
  [
    new RegExp(
      `^(?:\\w+_)?(?:SHUTDOWN|DRAIN|GRACE|GRACEFUL)(?:_(?:SHUTDOWN|STOP|DRAIN))?_(?:TIMEOUT|PERIOD|DURATION|SECONDS)${TIMED}$`,
    ),
    'stop.drain',
  ],
  [new RegExp(`^${PROVIDER}_(?:REQUEST_|API_|CALL_)?TIMEOUT${TIMED}$`), 'timeout.llm'],
  [new RegExp(`^${PROVIDER}_(?:RETRY_)?BACKOFF${TIMED}$`), 'llm.backoff'],
  [new RegExp(`^(?:HTTP_|SERVER_|API_|APP_)?REQUEST_TIMEOUT${TIMED}$`), 'timeout.request'],
  [new RegExp(`^HEALTH(?:_?CHECK)?_TIMEOUT${TIMED}$`), 'timeout.health'],
  [new RegExp(`^(?:\\w+_)?STREAM(?:ING)?_(?:MAX_(?:DURATION|AGE)|TIMEOUT)${TIMED}$`), 'stream.max'],
  [new RegExp(`^(?:STREAM_|SSE_)(?:HEARTBEAT|KEEPALIVE|PING)(?:_INTERVAL)?${TIMED}$`), 'stream.heartbeat'],
];

const COUNTS: readonly (readonly [RegExp, 'llm.retries' | 'rate'])[] = [
  [new RegExp(`^${PROVIDER}_(?:MAX_)?RETRIES$`), 'llm.retries'],
  [/^(?:RATE_LIMIT_)?RPS$|^RATE_LIMIT_RPS$/, 'rate'],
];

const BODY =
  /^(?:\w+_)?MAX_(?:REQUEST_|UPLOAD_)?(?:BODY|BODY_SIZE|BODY_BYTES)$|^MAX_(?:REQUEST|UPLOAD)_SIZE$/;
/** Ports of others: the database's, the broker's. */
const FOREIGN =
  /^(?:\w+_)?(?:DB|DATABASE|POSTGRES\w*|PG|MYSQL|MARIADB|CLICKHOUSE|REDIS|VALKEY|CACHE|MEMCACHED?|MONGO\w*|E?MAIL|SMTP|IMAP|LDAP|SYSLOG|STATSD|KAFKA|RABBIT\w*|AMQP|NATS|MQTT|BROKER|ELASTIC\w*|OPENSEARCH|QDRANT|MILVUS|WEAVIATE|CHROMA|NEO4J|MINIO|S3|OLLAMA|OTEL\w*|PROXY|SSH)_/;

/** Facts that variables state: `DRAIN_TIMEOUT=25s` is a drain of 25 s. */
export function meaningsOf(component: Component): readonly AnyFact[] {
  return factsOf(component, 'env').flatMap(({ value: { name, value }, at }): AnyFact[] => {
    if (value === undefined || value === '') return [];
    const derived = { at, origin: 'derived', note: `${name}=${value}` } as const;
    const time = DURATIONS.find(([pattern]) => pattern.test(name));
    const count = COUNTS.find(([pattern]) => pattern.test(name));
    if (time) {
      const amount = durationOf(name, value);
      return amount === undefined ? [] : [{ ...derived, kind: time[1], value: amount }];
    }
    if (count) return /^\d+$/.test(value) ? [{ ...derived, kind: count[1], value: Number(value) }] : [];
    if (BODY.test(name)) {
      const size = binarySize(value);
      return size === undefined ? [] : [{ ...derived, kind: 'body.limit', value: size }];
    }
    return portOf(name, value).map(listen => ({ ...derived, kind: 'port.listen', value: listen }));
  });
}

/** A bare number is seconds; one that is too large for seconds and does not say its unit is not known. */
function durationOf(name: string, value: string): number | undefined {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return variableDuration(value);
  if (/_(?:MS|MILLIS)$/.test(name)) return Number(value);
  return Number(value) < 3_600 || /_(?:SECONDS|SEC|S)$/.test(name) ? Number(value) * 1_000 : undefined;
}

function portOf(name: string, value: string): { port: number; name?: string; host?: string }[] {
  const listen = /^(?:\w+_)?(?:LISTEN|BIND)(?:_ADDR(?:ESS)?)?$|^(?:HTTP_|SERVER_)ADDR(?:ESS)?$/.test(name);
  const [, host, port] = listen ? (/^([^:]*):(\d+)$/.exec(value) ?? []) : [];
  if (port) return [{ port: Number(port), ...(host ? { host } : {}) }];
  if (!/(?:^|_)PORT$/.test(name) || FOREIGN.test(name) || !/^\d{2,5}$/.test(value)) return [];
  const role = /(?:^|_)(METRICS|GRPC)_PORT$/.exec(name)?.[1]?.toLowerCase();
  return [{ port: Number(value), ...(role ? { name: role } : {}) }];
}
