import type { Artifact } from '../artifacts/artifact.ts';
import type { ServiceConfig } from '../config/schema/config.ts';
import type { Model } from '../model/model.ts';

/** What is verified: where its services answer, and what they are to do there. */
export interface Deployment {
  readonly target: string;
  /** Undefined for an address alone. */
  readonly model: Model | undefined;
  readonly endpoints: readonly Endpoint[];
  /** An address of which nothing is known yet. */
  readonly unexplored?: Unexplored;
  /** The project's folder, where there is a configuration. */
  readonly root?: string;
  /** The files as they are rendered, for what compares a platform with them; empty without a platform. */
  readonly artifacts: readonly Artifact[];
}

interface Unexplored {
  readonly access: Access;
  /** Told what answers there, as soon as it is known. */
  readonly found: (endpoint: Endpoint) => void;
}

/** One service at an address: from the model, or found out by asking. Paths are below `base`. */
export interface Endpoint {
  /** The service's key; undefined for an address alone. */
  readonly service: string | undefined;
  readonly access: Access;
  /** Undefined where it has none, or none that is known. */
  readonly live: string | undefined;
  readonly ready: string | undefined;
  readonly startup: string | undefined;
  readonly deep: string | undefined;
  readonly version: string | undefined;
  readonly metrics: URL | undefined;
  readonly metricFamilies: readonly string[];
  readonly grpc: { readonly url: URL; readonly service: string | undefined } | undefined;
  readonly stream: StreamExpectation | undefined;
  readonly cors: readonly string[];
  readonly bodyLimit: number | undefined;
  readonly objectives: { readonly latencyP95: number; readonly errorRate: number } | undefined;
  readonly smoke: ServiceConfig['smoke'];
}

export interface StreamExpectation {
  readonly kind: 'sse' | 'websocket';
  readonly paths: readonly string[];
  readonly maxDuration: number;
  readonly heartbeat: number;
  readonly firstEvent: number;
  readonly idle: number;
}

/** How one gets to a service. */
export interface Access {
  readonly base: URL;
  /** Reached as its users do, through what stands before it; otherwise directly. */
  readonly public: boolean;
  /** The address to connect to instead of what the name resolves to. */
  readonly connectTo: string | undefined;
  /** PEM of authorities to trust beside the usual ones. */
  readonly ca: string | undefined;
  /** Sent as a bearer token; never shown. */
  readonly token: string | undefined;
}
