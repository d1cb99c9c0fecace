import { basename } from 'node:path';
import { children, descendants } from '../../syntax/tree.ts';
import type { Finding, ServiceKind } from '../detection.ts';
import { evidenceAt, finding, lineEvidence } from '../evidence.ts';
import { isGeneric, label } from '../names.ts';
import { type FunctionDef, type Program, programOf, reachable, type SourceFile } from '../program/facts.ts';
import { type Reached, reachFrom } from '../program/reach.ts';
import type { Entry } from '../service/program.ts';
import { folderOf, isExample, relativeTo } from '../walk.ts';
import { goDialect } from './dialect.ts';
import { type GoModule, type GoProject, moduleOf } from './project.ts';
import { selfCheck } from './selfcheck.ts';

interface Main {
  dir: string;
  fn: FunctionDef;
  module: GoModule;
  program: Program;
  listens: boolean;
  /** With HTTP, not with gRPC alone. */
  servesHttp: boolean;
  kind: ServiceKind | 'binary';
}

/** The programs of a Go repository: those that listen are services, the others workers, jobs or binaries beside them. */
export function goEntries(project: GoProject, hasWorkspace: boolean): Entry[] {
  const mains = withoutExamples(findMains(project));
  const byModule = new Map<GoModule, Main[]>();
  for (const main of mains) byModule.set(main.module, [...(byModule.get(main.module) ?? []), main]);
  return [...byModule.values()].flatMap(group => entriesOf(group, hasWorkspace));
}

function findMains(project: GoProject): Main[] {
  const mains: Main[] = [];
  for (const file of project.files) {
    const fn = file.functions.find(def => def.name === 'main' && !def.owner && !def.parent);
    const module = moduleOf(folderOf(file.path), project.modules);
    if (!fn || !module || !/^package main\b/m.test(file.text)) continue;
    const program = programOf(reachable([file]));
    const reached = reachFrom(fn, program, 600);
    const run = new Set(reached.functions);
    const sites = goDialect.listeners(program);
    const reachedSites = sites.filter(({ call }) => call.fn !== undefined && run.has(call.fn));
    const listens = reachedSites.length > 0;
    mains.push({
      dir: folderOf(file.path),
      fn,
      module,
      program,
      listens,
      servesHttp: reachedSites.some(({ protocol }) => protocol === 'http'),
      kind: listens ? 'http' : kindOf(file, reached, program),
    });
  }
  // Where no call leads to a listener (an interface is between), what is imported decides.
  if (!mains.some(main => main.servesHttp)) {
    for (const main of mains) {
      const sites = goDialect.listeners(main.program).filter(({ protocol }) => protocol === 'http');
      if (sites.length > 0) Object.assign(main, { listens: true, servesHttp: true, kind: 'http' });
    }
  }
  return mains;
}

const queues =
  /^github\.com\/(hibiken\/asynq|segmentio\/kafka-go|IBM\/sarama|rabbitmq\/amqp091-go|riverqueue\/river)|^go\.temporal\.io\/sdk\/worker|^cloud\.google\.com\/go\/pubsub/;

function kindOf(file: SourceFile, { functions }: Reached, program: Program): Main['kind'] {
  const name = basename(folderOf(file.path));
  if (
    /(^|[-_])(agent|cli|ctl|client|migrate|migrations?|seed|admin|tool|gen|loadtest|bench)$|ctl$/.test(name)
  )
    return 'binary';
  const loops = functions.some(fn =>
    descendants(fn.node, 'for_statement').some(loop =>
      isEndless(
        children(loop).map(child => child.type),
        loop.text,
      ),
    ),
  );
  const consumes = program.files.some(each => each.imports.some(({ module }) => queues.test(module)));
  if (loops || consumes || /worker|consumer|daemon/.test(name)) return 'worker';
  return /job|cron|batch|backfill|report|cleanup|digest|nightly|reindex|summar|sync|ingest/.test(name)
    ? 'job'
    : 'binary';
}

/** `for { … }`, or a loop over a ticker. */
function isEndless(types: string[], text: string): boolean {
  return types[0] === 'block' || /^for (range )?[\w.]*[tT]icker\.C|^for range time\.Tick/.test(text);
}

function withoutExamples(mains: Main[]): Main[] {
  const real = mains.filter(main => !isExample(`${main.dir}/main.go`));
  return real.some(main => main.kind !== 'binary') || !mains.some(main => main.kind !== 'binary')
    ? real.length > 0
      ? real
      : mains
    : mains;
}

function entriesOf(mains: Main[], hasWorkspace: boolean): Entry[] {
  const services = mains.filter(main => main.kind !== 'binary');
  const binaries = mains.filter(main => main.kind === 'binary');
  const first = services.find(main => main.kind === 'http') ?? services[0];
  return services.map(main => entryOf(main, main === first ? binaries : [], hasWorkspace));
}

function entryOf(main: Main, binaries: Main[], hasWorkspace: boolean): Entry {
  const { module, fn, program } = main;
  const context = hasWorkspace || module.reachesOut ? '.' : module.dir;
  const packageOf = ({ dir, fn }: Main) => {
    const path = relativeTo(dir, context);
    return finding(path === '.' ? '.' : `./${path}`, evidenceAt(fn.file, fn.node));
  };
  const evidence = evidenceAt(fn.file, fn.node);
  const name = main.dir !== module.dir ? basename(main.dir) : module.dir === '.' ? '' : basename(module.dir);
  const moduleName = module.dir === '.' ? '' : basename(module.dir);
  const fallback = main.kind === 'http' ? 'api' : main.kind;
  const command = selfCheck(program, `/${binaryName(main)}`);
  return {
    key: label(isGeneric(name) ? (isGeneric(moduleName) ? fallback : moduleName) : name, fallback),
    dir: module.dir,
    language: 'go',
    framework: frameworkOf(program),
    ...versionOf(module),
    build: {
      context,
      main: packageOf(main),
      binaries: binaries.map(packageOf),
      packageManager: finding('go', lineEvidence({ path: module.file, text: '' }, 1)),
    },
    files: program.files,
    evidence,
    kind: finding(main.kind as ServiceKind, evidence, main.kind === 'http' ? 'certain' : 'likely'),
    ...(command ? { health: { command } } : {}),
  };
}

/** The program's name as `go build` gives it. */
function binaryName({ dir, module }: Main): string {
  return dir === '.' ? (module.path.split('/').pop() ?? 'app') : basename(dir);
}

function versionOf(module: GoModule): { version?: Finding<string> } {
  const { toolchain, version } = module;
  const said = toolchain ?? version;
  const short = said && /^\d+\.\d+/.exec(said.value)?.[0];
  if (!said || !short) return {};
  const keyword = toolchain ? `toolchain go${said.value}` : `go ${said.value}`;
  return { version: finding(short, { file: module.file, line: said.line, text: keyword }) };
}

const frameworks: [string, string][] = [
  ['github.com/gin-gonic/gin', 'gin'],
  ['github.com/labstack/echo', 'echo'],
  ['github.com/gofiber/fiber', 'fiber'],
  ['github.com/go-chi/chi', 'chi'],
  ['github.com/gorilla/mux', 'gorilla/mux'],
  ['google.golang.org/grpc', 'grpc'],
  ['net/http', 'net/http'],
];

function frameworkOf(program: Program): Finding<string> {
  const order = frameworks.filter(
    ([, name]) =>
      name !== 'grpc' ||
      !program.files.some(file => file.imports.some(({ module }) => module === 'net/http')),
  );
  for (const [prefix, name] of order) {
    for (const file of program.files) {
      const entry = file.imports.find(({ module }) => module.startsWith(prefix));
      if (entry) return finding(name, evidenceAt(file, entry.node));
    }
  }
  return finding('go', [], 'likely');
}
