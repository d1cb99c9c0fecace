import { z } from 'zod';
import { pinnedImage } from './image.ts';
import {
  absolutePath,
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
import { environmentValue, text } from './text.ts';

const command = () => z.array(text()).min(1, { error: 'a command has at least the program' });
const count = () => z.int({ error: 'a whole number is needed here' }).min(1);
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

const grpc = section({
  port: port(),
  tls: z.boolean().default(false),
  service: line()
    .regex(/^[A-Za-z_][\w.]*$/, { error: 'a full service name such as mcp.MCPService' })
    .optional(),
});

const metrics = z.union([
  z.literal(false),
  section({
    port: port().optional().describe('Defaults to the service port.'),
    path: urlPath().default('/metrics'),
  }),
]);

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
  heartbeat: duration().default(15_000),
  firstEvent: duration().default(30_000),
  idle: duration().default(60_000),
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

const scale = z.union(
  [
    section({ replicas: count() }),
    section({
      min: z.int().min(0),
      max: count(),
      cpu: share().default(0.7),
      memory: share().optional().describe('Scales on memory too.'),
    }),
  ],
  { error: 'either {replicas: 3} or {min: 2, max: 10, cpu: 70%}' },
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

const smokeExpectation = section({
  status: z.union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)]).default(200),
  json: z
    .record(z.string(), z.json())
    .optional()
    .describe('JSON paths and what they hold; "exists" asks only that they are there.'),
  text: line().optional(),
  sse: section({ minEvents: count().default(1), end: line().optional() }).optional(),
});

const smoke = section({
  name: dnsLabel(40),
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS').default('GET'),
  path: z.string().regex(/^\/[^\s#]*$/, { error: 'a path that starts with /' }),
  json: z.json().optional(),
  body: text().optional(),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), text()).default({}),
  expect: smokeExpectation.prefault({}),
  within: duration().default(30_000),
  paid: z.boolean().default(false).describe('Costs money: runs once a run, never on --watch.'),
});

const volume = section({ name: dnsLabel(40), path: absolutePath(), size: size().default(2 ** 30) });
const file = section({ path: absolutePath(), source: projectPath() });

export const service = section({
  language: oneOf('go', 'python', 'node').optional(),
  version: version().optional().describe('Of the toolchain or interpreter.'),
  image: pinnedImage().optional().describe("A third party's image, instead of language and build."),
  build: build.prefault({}),
  args: z.array(text()).default([]),
  kind: oneOf('http', 'worker', 'job').default('http'),
  schedule: line().optional().describe('job: when it runs, in cron syntax.'),
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
  secrets: z.array(secret).default([]).describe('Names only.'),
  cors: z
    .array(
      line().regex(/^(?:\*|https?:\/\/[^\s/]+)$/, { error: 'an origin such as https://chat.example.com' }),
    )
    .default([]),
  user: section({ uid: z.int().min(1, { error: 'not root' }), gid: z.int().min(1) }).default({
    uid: 10_001,
    gid: 10_001,
  }),
  volumes: z.array(volume).default([]),
  files: z.array(file).default([]),
  dependsOn: z.array(line()).default([]).describe('Other services, db, or an entry of egress.'),
  egress: z.array(hostAndPort()).default([]).describe('host:port of what it calls outside.'),
  public: z
    .union([z.boolean(), urlPath()])
    .default(false)
    .describe('Gets the domain; a path puts it below that path.'),
  smoke: z.array(smoke).default([]).describe('What "it works" means, beyond health.'),
});

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
