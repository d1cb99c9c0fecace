/**
 * What `detect` found in a repository: plain data, JSON-safe, every fact with the place it was read from.
 * Paths are relative to the root, with forward slashes; lines and columns count from 1.
 * A secret is a name here, never a value.
 */

export interface Evidence {
  file: string;
  line: number;
  column?: number;
  /** The source line, trimmed and shortened. Left out where it could hold a secret. */
  text?: string;
}

/** `certain`: the syntax says so. `likely`: it follows from a default, a convention or a heuristic. */
export type Confidence = 'certain' | 'likely';

export interface Finding<T> {
  value: T;
  evidence: Evidence[];
  confidence: Confidence;
}

export type Language = 'go' | 'python' | 'node';
export type ServiceKind = 'http' | 'worker' | 'job';

export interface Detection {
  /** Proposed `name` of the configuration: a DNS label of at most 31 characters. */
  name: Finding<string>;
  /** Programs of this repository that run as services, in a stable order: http, worker, job, then by folder. */
  services: DetectedService[];
  /** Other people's images that the repository's compose files or manifests run beside it. */
  thirdParty: ThirdPartyService[];
  database?: DetectedDatabase;
  existing: Existing;
  domain?: Finding<string>;
  registry?: Finding<string>;
  /** Kubernetes namespace of the existing manifests. */
  namespace?: Finding<string>;
  notes: Note[];
  scanned: Scanned;
}

export interface DetectedService {
  /** Key under `services`: a DNS label. */
  key: string;
  /** Folder of the go.mod, pyproject/requirements or package.json; `.` is the root. */
  dir: string;
  language: Language;
  /** Framework that serves it, where one was recognised: `net/http`, `chi`, `gin`, `fastapi`, `express`… */
  framework?: Finding<string>;
  /** Of the toolchain or interpreter, such as `1.24`, `3.12`, `22`. */
  version?: Finding<string>;
  build: DetectedBuild;
  kind: Finding<ServiceKind>;
  port?: Finding<number>;
  /** The variable that sets the port, and the form it takes: `${port}`, `:${port}`, `0.0.0.0:${port}`. */
  portEnv?: Finding<{ name: string; form: string }>;
  /** The flag that sets it where no variable does: `{name: '-addr', form: ':${port}'}`. */
  portFlag?: Finding<{ name: string; form: string }>;
  metrics?: Finding<{ port?: number; path: string; portEnv?: { name: string; form: string } }>;
  grpc?: Finding<{ port?: number; service?: string; portEnv?: { name: string; form: string } }>;
  health: DetectedHealth;
  stream?: Finding<{
    kind: 'sse' | 'websocket';
    paths: string[];
    maxDuration?: string;
    heartbeat?: string;
    idle?: string;
  }>;
  /** Every route found, for display and for a first smoke test. */
  routes: Finding<{ method?: string; path: string }>[];
  env: EnvVariable[];
  timeouts: DetectedTimeouts;
  limits: { body?: Finding<string> };
  /** From `USER` of an existing Dockerfile or `runAsUser` of a manifest. */
  user?: Finding<{ uid: number; gid: number }>;
  /** Hosts that it calls, as `host:port`. */
  egress: Finding<string>[];
  cors?: Finding<string[]>;
  usesDatabase?: Finding<'postgres' | 'mysql' | 'sqlite' | 'mongodb'>;
  migrations?: DetectedMigrations;
  /** Command of a job or worker, and a cron schedule where one is known. */
  command?: Finding<string[]>;
  schedule?: Finding<string>;
}

export interface DetectedBuild {
  context: string;
  /** go: package (`./cmd/server`); python: ASGI or WSGI object (`app.main:app`); node: entry (`dist/server.js`). */
  main: Finding<string>;
  /** go: further programs of the same module that are shipped beside the first. */
  binaries: Finding<string>[];
  manifest?: Finding<string>;
  lockfile?: Finding<string>;
  /** node: name of the build script in package.json. */
  script?: Finding<string>;
  packageManager?: Finding<'npm' | 'pnpm' | 'yarn' | 'pip' | 'uv' | 'poetry' | 'go'>;
  /** python: the object is a function that makes the app; uvicorn needs `--factory`. */
  factory?: boolean;
  /** python: `asgi` or `wsgi`. */
  interface?: 'asgi' | 'wsgi';
  /** python: folder that must be on the module path when it isn't the context (`src`). */
  sourceRoot?: string;
}

export interface DetectedHealth {
  live?: Finding<string>;
  ready?: Finding<string>;
  startup?: Finding<string>;
  deep?: Finding<string>;
  /** How the program checks itself, as a command (`[/server, health]`). */
  command?: Finding<string[]>;
  /** No health route was found: `live` and `ready` hold what can serve meanwhile, if anything. */
  missing: boolean;
}

export interface EnvVariable {
  name: string;
  /** The default in the source or in `.env.example`; never there for a secret. */
  default?: string;
  /** Nothing in the source stands in for it when it's unset. */
  required: boolean;
  secret: boolean;
  /** Comment above or behind it in `.env.example`. */
  comment?: string;
  evidence: Evidence[];
}

/** Durations are written as CONFIG.md has them (`30s`, `1m30s`). */
export interface DetectedTimeouts {
  /** The longest that a request may take: write timeout, request timeout. */
  request?: Finding<string>;
  llm?: Finding<string>;
  drain?: Finding<string>;
  /** The variable that sets it, where it takes a duration with a unit. */
  drainEnv?: string;
  /** Server read, write, idle and header timeouts as found; a write timeout cuts streams. */
  server: Finding<{ name: string; duration: string }>[];
}

export interface DetectedMigrations {
  tool: string;
  dir?: string;
  table?: string;
  /** `server`: the program runs them when it starts; `command`: something else must. */
  run: 'server' | 'command';
  command?: string[];
  evidence: Evidence[];
}

export interface DetectedDatabase {
  engine: Finding<'postgres'>;
  version?: Finding<string>;
  name?: Finding<string>;
  user?: Finding<string>;
  /** The variable that holds its URL. */
  urlEnv?: Finding<string>;
  migrations?: DetectedMigrations;
}

export interface ThirdPartyService {
  key: string;
  image: Finding<string>;
  port?: Finding<number>;
  env: Record<string, string>;
  volumes: { name: string; path: string }[];
  evidence: Evidence[];
}

export interface Existing {
  aideployYaml?: string;
  dockerfiles: ExistingDockerfile[];
  composeFiles: ExistingCompose[];
  manifests: ExistingManifest[];
  units: ExistingUnit[];
  nginx: { file: string; serverNames: string[]; evidence: Evidence[] }[];
  workflows: string[];
  envExamples: string[];
  migrations: { dir: string; files: number }[];
}

export interface ExistingDockerfile {
  file: string;
  bases: { image: string; stage?: string; evidence: Evidence }[];
  expose: Finding<number>[];
  user?: Finding<string>;
  entrypoint?: Finding<string[]>;
  command?: Finding<string[]>;
  healthcheck?: Finding<string>;
}

export interface ExistingCompose {
  file: string;
  services: {
    name: string;
    image?: string;
    build?: string;
    dockerfile?: string;
    ports: { host?: number; container: number }[];
    env: string[];
    command?: string[];
    evidence: Evidence;
  }[];
}

export interface ExistingManifest {
  file: string;
  kind: string;
  name: string;
  namespace?: string;
  image?: string;
  ports: { name?: string; port: number }[];
  probes: { role: 'live' | 'ready' | 'startup'; path?: string; port?: string; evidence: Evidence }[];
  hosts: string[];
  user?: { uid: number; gid?: number };
  schedule?: string;
  command?: string[];
  evidence: Evidence;
}

export interface ExistingUnit {
  file: string;
  execStart?: string;
  user?: string;
  workingDirectory?: string;
  environmentFile?: string;
  stopTimeout?: string;
}

export interface Note {
  message: string;
  service?: string;
  evidence?: Evidence[];
  /** What to do or to add, ready to paste where it's code. */
  propose?: string;
}

interface Scanned {
  files: number;
  parsed: number;
  /** Files that were left out or read only in part, and why. */
  skipped: { file: string; reason: string }[];
}
