import type { Node } from '../../syntax/tree.ts';
import type { DetectedBuild, Evidence, Finding, Language, ServiceKind } from '../detection.ts';
import type { CallSite, Program, SourceFile } from '../program/facts.ts';
import type { Route, RouteSyntax } from '../program/routes.ts';

/** A place where a program starts to listen. */
export interface Listener {
  call: CallSite;
  address?: Node | undefined;
  /** The address where the source gives none: a framework's own. */
  fallback?: string;
  protocol: 'http' | 'grpc' | 'metrics';
  /** What serves it, to find the routes that belong to it. */
  handler?: Node | undefined;
}

/** A server's or client's time limit, as an expression. */
export interface TimeLimit {
  role: 'drain' | 'request' | 'llm' | 'server';
  name: string;
  value: Node;
  call: CallSite;
}

/** How a language's frameworks say what matters to a deployment. */
export interface Dialect {
  language: Language;
  routes: RouteSyntax;
  /** Routes that aren't written as calls on a router: decorators on classes, lists of URL patterns, pages by file name. */
  moreRoutes?(program: Program): Route[];
  listeners(program: Program): Listener[];
  timeLimits(program: Program): TimeLimit[];
  bodyLimits(program: Program): { value: Node; call: CallSite }[];
  /** Full name of the gRPC service, as far as the source tells. */
  grpcService(program: Program): Finding<string> | undefined;
}

/** A program of the repository, before what it serves is read. */
export interface Entry {
  key: string;
  dir: string;
  language: Language;
  framework?: Finding<string>;
  version?: Finding<string>;
  build: DetectedBuild;
  files: SourceFile[];
  /** Where the program starts. */
  evidence: Evidence;
  /** Known without looking at listeners: an ASGI object is served, a celery app is not. */
  kind?: Finding<ServiceKind>;
  command?: Finding<string[]>;
  schedule?: Finding<string>;
  /** The port that serves it when the source says nothing (uvicorn's 8000). */
  port?: Finding<number>;
  portEnv?: Finding<{ name: string; form: string }>;
  health?: { command?: Finding<string[]> };
}
