import type { Compose } from './compose/compose.ts';
import type { Crontab } from './crontab/crontab.ts';
import type { Dockerfile } from './dockerfile/dockerfile.ts';
import type { EnvVariable } from './env/env.ts';
import type { Component } from './fact.ts';
import type { GunicornSetting } from './gunicorn/settings.ts';
import type { KubernetesObject } from './kubernetes/object.ts';
import type { Stanza } from './logrotate/parse.ts';
import type { Block } from './markdown/markdown.ts';
import type { Series } from './metrics/metrics.ts';
import type { Directive } from './nginx/nginx.ts';
import type { Sample } from './sample/sample.ts';
import type { Script } from './shell/script.ts';
import type { Statement } from './sql/statements.ts';
import type { Unit } from './systemd/unit.ts';
import type { Row } from './table.ts';
import type { Text } from './text.ts';
import type { WindowsCommand } from './windows-words.ts';
import type { Workflow } from './workflow/workflow.ts';
import type { YamlMap } from './yaml.ts';

/** What each kind of artifact says once it is parsed. */
export interface Bodies {
  alertmanager: YamlMap;
  cloudrun: readonly YamlMap[];
  cmd: readonly WindowsCommand[];
  compose: Compose;
  config: YamlMap;
  crontab: Crontab;
  dockerfile: Dockerfile;
  dockerignore: readonly Row[];
  env: readonly EnvVariable[];
  gunicorn: readonly GunicornSetting[];
  kubernetes: readonly KubernetesObject[];
  kustomization: YamlMap;
  logrotate: readonly Stanza[];
  markdown: readonly Block[];
  metrics: readonly Series[];
  nginx: readonly Directive[];
  powershell: readonly WindowsCommand[];
  prometheus: YamlMap;
  'prometheus-rules': YamlMap;
  rsyslog: readonly Row[];
  sample: readonly Sample[];
  shell: Script;
  sql: readonly Statement[];
  systemd: Unit;
  sysusers: readonly Row[];
  tmpfiles: readonly Row[];
  workflow: Workflow;
}

export type KindId = keyof Bodies;

/** Why an artifact, or a part of it, cannot be judged: becomes a finding of a `file/…` rule. */
export interface Fault {
  readonly rule: 'file/encoding' | 'file/skipped' | 'file/unreadable';
  readonly offset: number;
  readonly message: string;
}

export interface Parsed<Body> {
  /** Absent where the text is broken beyond use. */
  readonly body?: Body;
  readonly faults: readonly Fault[];
}

/** An artifact inside another one, of a kind that its surroundings tell or that its content has to. */
export interface Embedded {
  readonly text: Text;
  readonly kind?: KindId;
  /** A name that its surroundings give it: the path in the text before a fenced block. */
  readonly name?: string;
  /** The block says its language itself: what does not parse as that is broken, and nothing else. */
  readonly tagged?: boolean;
}

export interface Document<K extends KindId = KindId> {
  readonly kind: K;
  readonly text: Text;
  /** Where it would stand as a file of its own: its path, or the name that its surroundings give it. */
  readonly name: string;
  readonly body: Bodies[K];
}

export interface Kind<K extends KindId = KindId> {
  readonly id: K;
  readonly title: string;
  /** What begins a comment that reaches to the end of its line. */
  readonly comment: '#' | '--' | 'rem' | undefined;
  /** Paths that decide alone. */
  readonly names: RegExp;
  /** Contents of another program's files at such paths. */
  readonly foreign?: RegExp;
  /** Contents that decide where no name does, with the help of a name that alone would not. */
  content?(text: string, name: string): boolean;
  /** What must be loaded before `parse` can be called. */
  load?(): Promise<void>;
  /** `name`: the path, or the name that the surroundings give; it says what some files are. */
  parse(text: Text, name: string): Parsed<Bodies[K]>;
  /** What runs, serves or is built by it. `set` are the documents beside it: includes, bases, env files. */
  components?(document: Document<K>, set: readonly AnyDocument[]): readonly Component[];
  /** Artifacts that stand in it. */
  embedded?(document: Document<K>): readonly Embedded[];
}

export type AnyDocument = { [K in KindId]: Document<K> }[KindId];
export type AnyKind = { [K in KindId]: Kind<K> }[KindId];
