import type { Config, DatabaseConfig, Patch, ServiceConfig, TargetsConfig } from '../config/schema/config.ts';
import type { Text } from '../config/schema/text.ts';
import type { Capacity } from './capacity.ts';
import type { Health } from './health.ts';
import type { Timing } from './timing.ts';

/**
 * The resolved service: every default filled in and every derived number computed once. Targets,
 * probes and strategies read it and compute nothing that another of them would need too.
 * Durations are milliseconds, sizes bytes, CPU millicores.
 */
export interface Model {
  readonly name: string;
  readonly environment: string | undefined;
  /** Of its objects in Kubernetes. */
  readonly namespace: string;
  readonly domain: string | undefined;
  readonly image: Config['image'];
  /** In the order of the file. */
  readonly services: readonly Service[];
  readonly database: Database | undefined;
  readonly observability: Config['observability'];
  readonly targets: TargetsConfig;
  readonly verify: Config['verify'];
  readonly patches: readonly Patch[];
}

/** A model with those beside it: Kubernetes is rendered for every environment, whichever was chosen. */
export interface ProjectModel extends Model {
  /** The file without an environment. */
  readonly base: Model;
  /** In the order of the file; production is always among them. */
  readonly environments: readonly Model[];
}

export interface Service {
  /** The key under `services`: its host name in compose. */
  readonly key: string;
  /** `<name>`, or `<name>-<service>` where several are built: units, containers, objects, images. */
  readonly unit: string;
  readonly source: BuiltSource | ImageSource;
  readonly kind: ServiceConfig['kind'];
  readonly schedule: string | undefined;
  readonly command: readonly Text[] | undefined;
  readonly args: readonly Text[];
  readonly port: number | undefined;
  /** Further ports by name, for the other services. */
  readonly ports: Readonly<Record<string, number>>;
  readonly metrics: { readonly port: number | undefined; readonly path: string } | undefined;
  readonly grpc: ServiceConfig['grpc'];
  readonly health: Health | undefined;
  readonly stream: ServiceConfig['stream'] | undefined;
  readonly timing: Timing;
  readonly limits: ServiceConfig['limits'];
  readonly capacity: Capacity;
  readonly env: Readonly<Record<string, Text>>;
  readonly secrets: readonly {
    readonly name: string;
    readonly from: 'operator' | 'database';
    readonly optional: boolean;
  }[];
  readonly cors: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number };
  readonly volumes: ServiceConfig['volumes'];
  readonly files: readonly {
    readonly path: string;
    readonly source: string;
    /** Undefined where it was not read, or is not there. */
    readonly content: string | undefined;
  }[];
  /** That an Ollama holds. */
  readonly models: readonly string[];
  readonly dependsOn: { readonly services: readonly string[]; readonly database: boolean };
  readonly egress: readonly { readonly host: string; readonly port: number }[];
  /** The path below the domain that it serves, if it is public. */
  readonly publicPath: string | undefined;
  readonly smoke: ServiceConfig['smoke'];
}

export interface BuiltSource {
  readonly kind: 'built';
  readonly language: 'go' | 'python' | 'node';
  readonly version: string;
  readonly context: string;
  readonly main: string;
  /** Name of the program in the image and on a host. */
  readonly program: string;
  readonly binaries: readonly { readonly main: string; readonly program: string }[];
  readonly base: { readonly build: string; readonly runtime: string };
  readonly manifest: string;
  readonly script: string | undefined;
  readonly factory: boolean;
  readonly interface: 'asgi' | 'wsgi';
  readonly appDir: string;
  /** The image without tag. */
  readonly repository: string;
}

export interface ImageSource {
  readonly kind: 'image';
  readonly image: string;
}

export interface Database {
  readonly version: string;
  /** Undefined where it runs beside the service. */
  readonly host: string | undefined;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly owner: string;
  readonly tls: NonNullable<DatabaseConfig['tls']>;
  readonly ca: string | undefined;
  readonly cidr: string | undefined;
  /** Of its volume, where it runs in a cluster. */
  readonly size: number;
  readonly migrations: DatabaseConfig['migrations'];
  readonly backup: DatabaseConfig['backup'] & { readonly dir: string; readonly size: number };
  readonly connectTimeout: number;
}

/** A service whose program is built from this repository. */
export type BuiltService = Service & { readonly source: BuiltSource };

export const isBuilt = (service: Service): service is BuiltService => service.source.kind === 'built';

/** The services that a target carries, in the order of the file. */
export function servicesOf(model: Model, target: keyof TargetsConfig): readonly Service[] {
  const chosen = model.targets[target]?.services;
  return chosen ? model.services.filter(service => chosen.includes(service.key)) : model.services;
}
