import type { ImageReference } from './image.ts';
import type { Place } from './text.ts';

export type Platform =
  | 'cloudrun'
  | 'compose'
  | 'config'
  | 'cron'
  | 'docker'
  | 'github'
  | 'kubernetes'
  | 'nginx'
  | 'prometheus'
  | 'systemd'
  | 'windows';

/**
 * What facts say, by kind: durations in milliseconds, sizes in bytes, CPU in millicores. A fact that
 * an artifact does not give, or gives in an expression that cannot be resolved, is not there.
 */
export interface FactValues {
  /** What it runs; of an image, what it builds on. */
  image: ImageReference;
  /** Built from sources of this set: from which folder, by which Dockerfile. */
  build: { readonly context: string; readonly dockerfile?: string; readonly target?: string };
  /**
   * What the image or unit runs: the words of the entry point and its arguments. Where it is written beside an image it
   * replaces all of its command, or the arguments of the entry point alone.
   */
  command: {
    readonly words: readonly string[];
    /** A shell stands between: the words are `sh -c` and a text. */
    readonly shell: boolean;
    readonly replaces?: 'all' | 'arguments';
  };
  user: { readonly name: string };
  /** The server that the command starts, where it is a known one; no worker class or count where it is left to the server. */
  server: {
    readonly program: 'gunicorn' | 'uvicorn';
    readonly workerClass?: string;
    readonly workers?: number;
    /** Whether it listens with TLS; undefined where that is set elsewhere. */
    readonly tls?: boolean;
  };
  /** What one worker process needs. */
  'worker.memory': number;
  /** Whose X-Forwarded-… headers the server believes, as written. */
  'proxy.trusted': string;
  /** A variable that the process is given; no value where it comes from elsewhere (a secret, the caller). */
  env: {
    readonly name: string;
    readonly value?: string;
    /** Of a URL without a known value: all of it but for what is filled in elsewhere, which is `*` here. */
    readonly partly?: string;
    readonly secret?: boolean;
  };
  /** Further variables come from there, and the set does not tell which. */
  'env.unseen': { readonly from: string };
  /** A file that variables are read from. */
  'env.file': { readonly path: string; readonly optional: boolean };
  /** A port that the process listens on, or is said to (EXPOSE, containerPort, PORT). */
  'port.listen': { readonly port: number; readonly host?: string; readonly name?: string };
  /** A port that the platform opens and leads to the process. */
  'port.published': { readonly port: number; readonly target: number; readonly host?: string };
  volume: {
    readonly kind: 'bind' | 'claim' | 'config' | 'scratch' | 'volume';
    readonly source?: string;
    readonly target: string;
    readonly readOnly: boolean;
  };
  'memory.limit': number;
  'memory.request': number;
  'cpu.limit': number;
  'cpu.request': number;
  /** How many run; where their number changes, the least and the most. */
  replicas: number;
  'replicas.max': number;
  /** Requests that one instance is given at a time. */
  concurrency: number;
  /** `no`, `always`, `on-failure`, `unless-stopped`: the platform's own word. */
  restart: string;
  health: Health;
  /** The path of a check that also asks what others provide. */
  'health.deep': string;
  /** Where it serves metrics, at the port of its work. */
  'metrics.path': string;
  /** After which the platform ends it, however well it is. */
  'run.limit': number;
  /** From the request to stop to the kill. */
  'stop.budget': number;
  /** What passes of the budget before the process is told. */
  'stop.before': number;
  /** Something is done before the process is told, however long it takes. */
  'stop.hook': true;
  /** How long the process goes on with its work after it was told. */
  'stop.drain': number;
  /** What a request may take, as the process or the platform before it limits it. */
  'timeout.request': number;
  'timeout.llm': number;
  /** How long a worker may be silent before its master replaces it. */
  'timeout.worker': number;
  /** What the service's own check of its health may take. */
  'timeout.health': number;
  /** How often a call to the model is tried again, and the wait before that. */
  'llm.retries': number;
  'llm.backoff': number;
  /** Requests in a second that are let in. */
  rate: number;
  /** The longest stream that the service serves, and how often it gives a sign of life. */
  'stream.max': number;
  'stream.heartbeat': number;
  'stream.paths': readonly string[];
  /** How long an idle connection is kept open. */
  keepalive: number;
  'body.limit': number;
  /** Another component that it needs, by the name that the platform knows it by. */
  depends: { readonly name: string; readonly condition?: string };
  /** Where a proxy sends a request, and how. */
  route: Route;
  'proxy.read': number;
  'proxy.connect': number;
  'proxy.buffering': boolean;
  security: Security;
  /** A host name that the component knows besides those of its scope, and where it leads. */
  'host.extra': { readonly name: string; readonly address: string };
  'log.driver': { readonly driver: string; readonly limited: boolean };
  /** The account of a cloud that it runs as. */
  identity: { readonly account: string };
  /** A secret of a store that it is given, in which version, and as which variable or file. */
  'secret.version': { readonly secret: string; readonly version: string; readonly as: string };
  /** Whether anybody may call it, as the platform lets them in. */
  exposure: 'private' | 'public';
  /** What a deployment does with requests: leads all of them to the new revision, or none. */
  traffic: 'all' | 'none';
}

export interface Health {
  readonly role: 'live' | 'ready' | 'startup' | 'container';
  readonly path?: string;
  readonly port?: number | string;
  readonly command?: readonly string[];
  readonly timeout?: number;
  readonly period?: number;
  readonly failures?: number;
  readonly delay?: number;
}

/** What a process may do beyond, or less than, its platform's usual. */
export interface Security {
  readonly setting:
    | 'capabilities-added'
    | 'capabilities-dropped'
    | 'host-ipc'
    | 'host-network'
    | 'host-pid'
    | 'no-new-privileges'
    | 'non-root'
    | 'privileged'
    | 'read-only-root'
    | 'seccomp';
  /** `true`, `false`, or the names in capitals and without CAP_. */
  readonly value: boolean | string | readonly string[];
}

export interface Route {
  readonly hosts: readonly string[];
  /** The same for all routes among which one request chooses. */
  readonly server: string;
  /** As the proxy decides: `=` exact, `^~` and none a prefix, `~` and `~*` a regular expression. */
  readonly match: { readonly how: '=' | '^~' | '~' | '~*' | 'prefix' | 'named'; readonly path: string };
  /** Where it leads; several where a proxy balances. */
  readonly to: readonly {
    readonly host: string;
    readonly port?: number;
    readonly tls: boolean;
    /** Where it is written, if not at the route itself. */
    readonly at?: Place;
  }[];
}

export type FactKind = keyof FactValues;

export interface Fact<K extends FactKind = FactKind> {
  readonly kind: K;
  readonly value: FactValues[K];
  readonly at: Place;
  /** Written there; what the platform does where nothing is written; or worked out from other facts. */
  readonly origin: 'explicit' | 'default' | 'derived';
  /** The default or the chain of a derived value, in words: "docker stop, default 10 s". */
  readonly note?: string;
}

export type AnyFact = { [K in FactKind]: Fact<K> }[FactKind];

/**
 * Something that runs, serves or is built, as one artifact describes it: a compose service, a
 * container of a workload, a unit, an image's final stage, a location of a proxy.
 */
export interface Component {
  readonly platform: Platform;
  readonly form: 'container' | 'image' | 'process' | 'route';
  /** The name by which its platform knows it. */
  readonly name: string;
  /** Further names that stand for the same service: labels, container names, the owner's name. */
  readonly aliases: readonly string[];
  readonly at: Place;
  /** In which bare names are looked up: a compose project, a namespace, a host. */
  readonly scope: string;
  /** dev, staging, production or another; undefined where nothing tells. */
  readonly environment?: string;
  readonly facts: readonly AnyFact[];
  /** It is meant to run until it is stopped, not to end by itself. */
  readonly longRunning: boolean;
  /** It says a part only: what it leaves out is not the platform's default. */
  readonly partial?: true;
}

/** The one fact of a kind that a component has; of several, the last written holds. */
export function factOf<K extends FactKind>(component: Component, kind: K): Fact<K> | undefined {
  return component.facts.findLast(fact => fact.kind === kind) as Fact<K> | undefined;
}

export function factsOf<K extends FactKind>(component: Component, kind: K): readonly Fact<K>[] {
  return component.facts.filter(fact => fact.kind === kind) as readonly AnyFact[] as readonly Fact<K>[];
}

/** A fact that an artifact states. */
export function stated<K extends FactKind>(kind: K, value: FactValues[K] | undefined, at: Place): AnyFact[] {
  return value === undefined ? [] : [{ kind, value, at, origin: 'explicit' } as AnyFact];
}
