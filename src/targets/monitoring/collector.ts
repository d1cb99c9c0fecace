import type { Model } from '../../model/model.ts';
import { type Monitoring, monitoringOf } from '../../model/monitoring.ts';

/** Attributes and events that hold what people asked and what they were told, by the names in use for them. */
const CONTENT =
  '^(gen_ai\\\\.(prompt|completion|input\\\\.messages|output\\\\.messages|system_instructions|tool\\\\.call\\\\.(arguments|result)|content\\\\..*|event\\\\.content)|llm\\\\.(prompts|completions|input_messages|output_messages)|(input|output)\\\\.value|traceloop\\\\.entity\\\\.(input|output))';

/** What is taken out of texts that may be kept: addresses, numbers of cards, keys. */
const PRIVATE = [
  '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}',
  '\\b(?:[0-9][ -]?){13,19}\\b',
  '\\b(?:sk|pk|rk|ghp|gho|xox[abprs])[-_][A-Za-z0-9_-]{10,}',
  '\\+[0-9][0-9 ()-]{7,}[0-9]',
];

export function collectorView(model: Model): object {
  const { otel, content } = model.observability;
  const exporter = otel?.exportTo ? 'otlphttp' : 'debug';
  const { address, health } = listening(monitoringOf(model));
  return {
    content,
    grpc: `${address}:4317`,
    http: `${address}:4318`,
    health,
    processors: { ...contentProcessor(content) },
    exporter: otel?.exportTo
      ? { otlphttp: { endpoint: escaped(otel.exportTo), compression: 'gzip' } }
      : { debug: { verbosity: 'basic' } },
    exportsNowhere: otel?.exportTo === undefined,
    traces: pipeline(content, exporter),
    metrics: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: [exporter] },
    logs: pipeline(content, exporter),
  };
}

const pipeline = (content: Model['observability']['content'], exporter: string): object => ({
  receivers: ['otlp'],
  processors: ['memory_limiter', ...Object.keys(contentProcessor(content)), 'batch'],
  exporters: [exporter],
});

/** On a host nobody else has to reach it. */
const listening = ({ platform }: Monitoring): { address: string; health: string } => {
  const address = platform === 'host' ? '127.0.0.1' : '0.0.0.0';
  return { address, health: `${address}:13133` };
};

function contentProcessor(content: Model['observability']['content']): Record<string, object> {
  if (content === 'full') return {};
  if (content === 'redacted')
    return { 'redaction/content': { allow_all_keys: true, blocked_values: PRIVATE.map(escaped) } };
  const drop = escaped(`delete_matching_keys(attributes, "${CONTENT}")`);
  return {
    'transform/content': {
      error_mode: 'propagate',
      trace_statements: [
        { context: 'span', statements: [drop] },
        { context: 'spanevent', statements: [drop] },
      ],
      log_statements: [
        {
          context: 'log',
          // Events of the gen_ai conventions carry it as their body.
          statements: [drop, 'set(body, "") where IsMatch(attributes["event.name"], "^gen_ai\\\\.")'],
        },
      ],
    },
  };
}

/** The collector fills in `${env:…}`; a dollar sign that is meant is written twice. */
const escaped = (text: string): string => text.replaceAll('$', '$$$$');
