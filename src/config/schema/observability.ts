import * as z from 'zod';
import { absolutePath, duration, hostName, port, share, variableName } from './scalars.ts';
import { oneOf, section } from './section.ts';

const metricName = () => z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, { error: 'a metric name' });

const labelName = () => z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: "a label's name" });

const ownFamily = section({
  requests: metricName().optional(),
  duration: metricName().optional(),
  tokens: metricName().optional(),
  active: metricName().optional(),
  errors: metricName().optional(),
  statusLabel: labelName().default('status').describe('Of requests: holds the HTTP status.'),
  pathLabel: labelName().default('path').describe('Of duration: holds the path, to leave out streams.'),
  directionLabel: labelName().default('direction').describe('Of tokens: holds input or output.'),
  kindLabel: labelName().default('type').describe('Of errors: holds the kind of error.'),
});

const price = () => z.number().min(0, { error: 'a price such as 3 or 0.25' });

/** Prices differ by model and change, so there is no default. */
const cost = section({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'a currency such as USD' })
    .default('USD')
    .describe('What the prices are in.'),
  input: price().describe('Price of a million input tokens.'),
  output: price().describe('Price of a million output tokens.'),
  perDay: z.number().positive().optional().describe('An alert tells when 24 hours cost more.'),
});

const forwardTo = z.string().superRefine((value, ctx) => {
  const [, host, digits] = /^(.+):(\d+)$/.exec(value) ?? [];
  if (!host || !hostName().safeParse(host).success || !port().safeParse(Number(digits)).success)
    ctx.addIssue('host:port is needed, such as logs.internal:6514');
});

const logField = () =>
  z
    .string()
    .regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/, { error: 'a field such as http_status or http.status' });

const logFields = section({
  level: logField().default('level'),
  message: logField().default('message'),
  id: logField().optional().describe('Of the request: what all of its lines have in common.'),
  status: logField().optional().describe('The HTTP status.'),
  duration: logField().optional().describe('How long the request took.'),
  durationUnit: oneOf('s', 'ms', 'us', 'ns', 'text').default('s').describe('text: such as 2.5s.'),
});

export const observability = section({
  metrics: section({ family: z.union([oneOf('ai', 'aixgo', 'gen_ai'), ownFamily]).default('ai') }).prefault(
    {},
  ),
  content: oneOf('off', 'redacted', 'full')
    .default('off')
    .describe('Whether prompts and answers are logged or traced.'),
  otel: section({
    endpoint: z.string().regex(/^https?:\/\/[^\s@]+$/, { error: 'a URL such as http://otel-collector:4318' }),
    collector: z.boolean().default(false).describe("Renders a collector's configuration."),
    exportTo: z
      .string()
      .regex(/^https?:\/\/[^\s@]+$/, { error: 'a URL such as https://otlp.example.com:4318' })
      .optional()
      .describe(
        'Where the collector sends what it got, by OTLP over HTTP. Default: nowhere but its own log.',
      ),
    sampler: oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ).default('parentbased_traceidratio'),
    ratio: z.number().min(0).max(1).default(0.1),
  }).optional(),
  logs: section({
    forward: section({
      to: forwardTo,
      tls: z.boolean().default(true),
      ca: absolutePath().optional(),
    }).optional(),
    fields: logFields.optional(),
  }).prefault({}),
  notify: section({
    slack: variableName('the name of a secret, such as SLACK_WEBHOOK_URL; its value is never written here')
      .describe("The name of the secret that holds the webhook's URL.")
      .optional(),
  }).prefault({}),
  cost: cost.optional().describe('What tokens cost.'),
  objectives: section({
    latencyP95: duration().default(3_000),
    errorRate: share().default(0.01),
    availability: share().default(0.999),
    cpu: share().default(0.8),
    memory: share().default(0.85),
    disk: share().default(0.85),
  }).prefault({}),
});
