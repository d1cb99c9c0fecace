import type { Variable } from './environment.ts';
import type { Value } from './place.ts';

export type Stage = 'development' | 'production';

/** One entry under `services:`. A template reads every field, so none is left out. */
export interface Entry {
  readonly key: string;
  readonly notes: readonly string[];
  readonly profiles: readonly string[] | undefined;
  readonly image: Value;
  readonly build: object | undefined;
  readonly user: string | undefined;
  readonly init: boolean;
  readonly entrypoint: readonly Value[] | undefined;
  readonly command: readonly Value[] | undefined;
  readonly environment: Readonly<Record<string, Variable>> | undefined;
  readonly secrets: readonly string[] | undefined;
  readonly ports: readonly string[] | undefined;
  readonly volumes: readonly (string | object)[] | undefined;
  readonly extraHosts: readonly string[] | undefined;
  readonly dependsOn: object | undefined;
  readonly healthcheck: object | undefined;
  readonly stop: string;
  readonly restart: string;
  readonly tmpfs: readonly string[];
  readonly capabilities: readonly string[] | undefined;
  readonly replicas: number;
  readonly limits: Limits;
  readonly devices: readonly object[] | undefined;
}

export interface Limits {
  readonly cpus: string;
  readonly memory: string;
  readonly reserved: string;
  readonly pids: number;
}

/** More threads than any server here starts, and few enough to stop a fork bomb. */
export const PIDS = 1024;

/** What most entries leave empty; a database or a one-time task starts from it. */
export const BARE = {
  notes: [],
  profiles: undefined,
  build: undefined,
  init: false,
  entrypoint: undefined,
  command: undefined,
  environment: undefined,
  secrets: undefined,
  ports: undefined,
  volumes: undefined,
  extraHosts: undefined,
  dependsOn: undefined,
  healthcheck: undefined,
  stop: '10s',
  restart: 'no',
  tmpfs: ['/tmp'],
  capabilities: undefined,
  replicas: 1,
  limits: { cpus: '0.5', memory: '128m', reserved: '32m', pids: 64 },
  devices: undefined,
} satisfies Partial<Entry>;

export const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length > 0 ? list : undefined;

export const filled = <T extends object>(mapping: T): T | undefined =>
  Object.keys(mapping).length > 0 ? mapping : undefined;
