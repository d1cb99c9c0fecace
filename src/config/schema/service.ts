import * as z from 'zod';
import { cron } from './cron.ts';
import { grpc } from './grpc.ts';
import { pinnedImage } from './image.ts';
import {
  cpu,
  dnsLabel,
  duration,
  durationOrZero,
  hostName,
  line,
  port,
  projectPath,
  share,
  size,
  urlPath,
  variableName,
  version,
} from './scalars.ts';
import { secret } from './secret.ts';
import { oneOf, section } from './section.ts';
import { smoke } from './smoke.ts';
import { file, modelName, volume } from './storage.ts';
import { environmentValue, text } from './text.ts';

const command = () => z.array(text()).min(1, { error: 'a command has at least the program' });
const count = () => z.int({ error: 'a whole number is needed here' }).min(1, { error: 'at least 1' });
const baseImage = () =>
  z.union([oneOf('scratch', 'distroless'), pinnedImage()], {
    error: 'scratch, distroless or a pinned image',
  });

const build = section({
  context: projectPath().default('.').describe('The folder that the image is built from.'),
  main: line()
    .optional()
    .describe('go: the package; python: the ASGI object (app.main:app); node: the entry (dist/server.js).'),
  binaries: z
    .array(line())
    .default([])
    .describe('Go: further programs shipped beside the first. Others: further entries.'),
  base: section({
    build: pinnedImage().optional(),
    runtime: baseImage().optional(),
  })
    .default({})
    .describe(
      'Overrides the base images (mirrors, air gaps); both are also build arguments of the Dockerfile.',
    ),
  manifest: projectPath()
    .optional()
    .describe(
      'Where the dependencies are listed: requirements.txt, pyproject.toml, uv.lock, package-lock.json, pnpm-lock.yaml, yarn.lock.',
    ),
  script: line()
    .optional()
    .describe('Node: the npm script that builds, such as build. Omitted: nothing is built.'),
  factory: z.boolean().default(false).describe('Python: main names a function that makes the application.'),
  interface: oneOf('asgi', 'wsgi')
    .default('asgi')
    .describe('Python: asgi is served by uvicorn, wsgi by gunicorn.'),
  appDir: projectPath()
    .default('.')
    .describe('Python: the folder that modules are imported from, such as src.'),
});

const metrics = z.union(
  [
    z.literal(false),
    section({
      port: port().optional().describe('Defaults to the service port.'),
      path: urlPath().default('/metrics'),
    }),
  ],
  { error: 'false, or {port: 9090, path: /metrics}' },
);

const health = section({
  live: urlPath().describe('Is the process alive; touches no dependency.'),
  ready: urlPath().describe('Can it take requests now.'),
  startup: urlPath().optional(),
  deep: urlPath().optional().describe('Every dependency with its latency; never public.'),
  command: z
    .array(line())
    .min(1)
    .optional()
    .describe('How the program checks itself where the image has no client (scratch).'),
});

const stream = section({
  kind: oneOf('none', 'sse', 'websocket').default('none'),
  paths: z.array(urlPath()).default([]),
  maxDuration: duration()
    .default(300_000)
    .describe('The longest legal stream; drives every timeout on its way.'),
  heartbeat: duration()
    .optional()
    .describe('How often the server sends something, so that nobody thinks it dead. Default: 15s.'),
  firstEvent: duration().optional().describe('How long a client waits for the first event. Default: 30s.'),
  idle: duration().optional().describe('Silence after which a stream counts as broken. Default: 60s.'),
}).transform(({ heartbeat, firstEvent, idle, ...stream }) => {
  // A short stream has short defaults: what nobody wrote must not contradict what somebody did.
  const half = Math.ceil(stream.maxDuration / 2);
  const silence = idle ?? Math.min(Math.max(60_000, (heartbeat ?? 0) * 2), half);
  return {
    ...stream,
    heartbeat: heartbeat ?? Math.min(15_000, Math.ceil(silence / 2)),
    firstEvent: firstEvent ?? Math.min(30_000, half),
    idle: silence,
  };
});

const timeouts = section({
  request: duration().default(60_000).describe('The longest legal request that is not a stream.'),
  llm: duration()
    .optional()
    .describe('For model calls that do not stream; below request. Default: three quarters of it.'),
  startup: duration().default(60_000),
  drain: duration()
    .optional()
    .describe('How long work goes on after SIGTERM. Default: the longest legal request + 5 s.'),
  drainDelay: durationOrZero()
    .default(10_000)
    .describe('How long the service still accepts requests after it was told to stop.'),
});

const resources = section({
  cpu: section({ request: cpu().optional(), limit: cpu().optional() }).default({}),
  memory: section({ request: size().optional(), limit: size().optional() }).default({}),
  disk: size().optional(),
  gpu: section({ count: count(), type: line().optional() }).optional(),
});

const SCALE = 'either {replicas: 3} or {min: 2, max: 10, cpu: 70%}';
const scale = z.union(
  [
    section({ replicas: count() }, { keys: ['min', 'max', 'cpu', 'memory'], forms: SCALE }),
    section(
      {
        min: z.int({ error: 'a whole number is needed here' }).min(0),
        max: count(),
        cpu: share().default(0.7),
        memory: share().optional().describe('Scales on memory too.'),
      },
      { keys: ['replicas'], forms: SCALE },
    ),
  ],
  { error: SCALE },
);

const workers = section({
  load: oneOf('io', 'cpu', 'mixed').default('io'),
  memory: size()
    .default(200 * 2 ** 20)
    .describe('What one worker process needs.'),
  count: count().optional().describe('Derived from CPU and memory when omitted.'),
  timeout: duration()
    .optional()
    .describe('Silence after which a worker is replaced. Derived from the drain when omitted.'),
  maxRequests: z.int().min(0).optional(),
  jitter: z.int().min(0).optional(),
});

export const service = section({
  language: oneOf('go', 'python', 'node').optional(),
  version: version().optional().describe('Of the toolchain or interpreter.'),
  image: pinnedImage().optional().describe("A third party's image, instead of language and build."),
  build: build.prefault({}),
  args: z.array(text()).default([]),
  kind: oneOf('http', 'worker', 'job').default('http'),
  schedule: cron('30 3 * * *').optional().describe('job: when it runs, in cron syntax.'),
  command: command().optional().describe('job or worker: what runs instead of the main program.'),
  port: port().optional(),
  ports: z
    .record(portName(), port())
    .default({})
    .describe('Further ports by name, for the other services; never published.'),
  metrics: metrics.default(false),
  grpc: grpc.optional(),
  health: health.optional(),
  stream: stream.prefault({}),
  timeouts: timeouts.prefault({}),
  limits: section({
    body: size().default(2 ** 20),
    rps: z.number().positive().optional(),
    concurrency: count().optional(),
  }).prefault({}),
  resources: resources.prefault({}),
  scale: scale.default({ replicas: 1 }),
  workers: workers.prefault({}),
  env: z.record(variableName(), environmentValue()).default({}),
  secrets: z
    .array(secret, { error: 'a list of names is needed, such as [OPENAI_API_KEY]; values never stand here' })
    .default([])
    .describe('Names only.'),
  cors: z
    .array(
      line().regex(/^(?:\*|https?:\/\/[^\s/]+)$/, { error: 'an origin such as https://chat.example.com' }),
    )
    .default([]),
  user: section({ uid: numericId(), gid: numericId() }).default({
    uid: 10_001,
    gid: 10_001,
  }),
  volumes: z.array(volume).default([]),
  files: z.array(file).default([]),
  models: z
    .array(modelName())
    .default([])
    .describe('Ollama: the models that it holds. In Kubernetes a job fetches them into its volume.'),
  dependsOn: z.array(line()).default([]).describe('Other services, db, or an entry of egress.'),
  egress: z.array(hostAndPort()).default([]).describe('host:port of what it calls outside.'),
  public: z
    .union([z.boolean(), urlPath('true, false, or the path below which it is public, such as /mcp')], {
      error: 'true, false, or the path below which it is public, such as /mcp',
    })
    .default(false)
    .describe('Gets the domain; a path puts it below that path.'),
  smoke: z.array(smoke).default([]).describe('What "it works" means, beyond health.'),
});

function numericId() {
  const error = 'a number from 1 to 4294967294: 0 is root';
  return z.int({ error }).min(1, { error }).max(4_294_967_294, { error });
}

function portName() {
  return dnsLabel(15).refine(name => !['http', 'metrics', 'grpc'].includes(name), {
    error: 'http, metrics and grpc have keys of their own: port, metrics.port and grpc.port',
  });
}

function hostAndPort() {
  return line().superRefine((value, ctx) => {
    const [, host, digits] = /^(.+):(\d{1,5})$/.exec(value) ?? [];
    const valid =
      host !== undefined && hostName().safeParse(host).success && port().safeParse(Number(digits)).success;
    if (!valid) ctx.addIssue('host:port is needed, such as api.anthropic.com:443');
  });
}
