/** Releases of a small service whose versions differ in what is wrong with them, for a real cluster. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { type Answer, aideploy, project, ROOT } from '../cli/run.ts';
import { cluster, kubeconfigOf, kubectl, ownNamespace, urlOf } from './cluster.ts';
import { bases, buildImage } from './docker.ts';

/** A chat that is as broken as its image says; and the migrations of its database, which is elsewhere. */
const SERVER = `#!/usr/bin/env python3
import http.server, json, os, signal, sys, time
version, behaviour = os.environ['VERSION'], os.environ['BEHAVIOUR']
if sys.argv[1:] == ['migrate']:
  print('3 migrations to run')
  sys.exit('column "tone" already exists' if behaviour == 'migration' else 0)
if behaviour == 'crash': sys.exit('no model is named ' + version)
class Handler(http.server.BaseHTTPRequestHandler):
  def answer(self, status, body):
    data = json.dumps(body).encode()
    self.send_response(status)
    self.send_header('Content-Type', 'application/json')
    self.send_header('Content-Length', str(len(data)))
    self.end_headers()
    self.wfile.write(data)
  def do_GET(self):
    if self.path == '/ready' and behaviour == 'unready': return self.answer(503, {'status': 'loading'})
    self.answer(200, {'status': 'ok', 'version': 'v1' if behaviour == 'version' else version, 'tone': os.environ['TONE']})
  def do_POST(self):
    self.rfile.read(int(self.headers.get('Content-Length', '0')))
    if behaviour == 'smoke': return self.answer(500, {'error': 'no model'})
    if behaviour == 'slow': time.sleep(4)
    self.answer(200, {'reply': 'hello'})
  def log_message(self, *_): pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Handler).serve_forever()
`;

/** The registry of the cluster, which this machine reaches too. */
const REGISTRY = '127.0.0.1:5000/acme';

export type Behaviour = 'crash' | 'migration' | 'ok' | 'slow' | 'smoke' | 'unready' | 'version';

export interface Changes {
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly migrations?: boolean;
  readonly volume?: boolean;
  readonly scale?: object;
  readonly services?: Readonly<Record<string, object>>;
  readonly patches?: readonly object[];
}

const PRODUCTION = 'deploy/k8s/overlays/production';

/** One project in a namespace of its own, named alike, deployed by the account that was rendered for it. */
export async function releasesOf(name: string, first: Changes = {}) {
  const folder = await project();
  await ownNamespace(name);
  const context = await project({
    Dockerfile: `FROM ${bases.python}\nCOPY --chmod=755 server /server\nARG VERSION BEHAVIOUR\nENV VERSION=$VERSION BEHAVIOUR=$BEHAVIOUR\nUSER 10001\nENTRYPOINT ["/server"]\n`,
    server: SERVER,
  });
  const IN = ['--namespace', name];
  const env: Record<string, string> = cluster.env();
  const write = async (changes: Changes): Promise<void> => {
    await writeFile(join(folder, 'aideploy.yaml'), stringify(configuration(name, changes)));
    const rendered = await aideploy(['render', 'kubernetes', '--force'], { cwd: folder });
    expect(rendered.code, rendered.stdout + rendered.stderr).toBe(0);
  };
  // An administrator's to do.
  const grant = () => kubectl(['apply', '--filename', join(folder, PRODUCTION, 'deployer.yaml')]);
  const self = {
    name,
    folder,
    IN,
    env,
    /** Writes aideploy.yaml and what follows from it. */
    async configure(changes: Changes = {}): Promise<void> {
      await write(changes);
      await grant();
    },
    async image(tag: string, behaviour: Behaviour = 'ok', version = tag): Promise<void> {
      await buildImage({ context, tag: `${name}:${tag}`, args: { VERSION: version, BEHAVIOUR: behaviour } });
      await cluster.load(`${name}:${tag}=${REGISTRY}/${name}:${tag}`);
    },
    async secret(values: Readonly<Record<string, string>>): Promise<void> {
      const literals = Object.entries(values).map(([key, value]) => `--from-literal=${key}=${value}`);
      const made = await kubectl([
        'create',
        'secret',
        'generic',
        `${name}-secrets`,
        ...literals,
        ...IN,
        '--dry-run=client',
        '--output=yaml',
      ]);
      await kubectl(['apply', '--server-side', '--force-conflicts', '--filename', '-'], made);
    },
    run: (...args: string[]): Promise<Answer> => aideploy(args, { cwd: folder, env }),
    /** A run that can be ended in the middle. */
    start: (args: readonly string[], other: Readonly<Record<string, string>> = {}): ChildProcess =>
      spawn(process.execPath, [join(ROOT, 'bin/aideploy.js'), ...args], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1', ...env, ...other },
      }),
    deploy: async (tag: string, ...flags: string[]): Promise<Answer> =>
      self.run(...(await self.deploying(tag)), ...flags),
    deploying: async (tag: string): Promise<string[]> => [
      'deploy',
      'kubernetes',
      '--tag',
      tag,
      ...(await self.at()),
    ],
    rollback: async (...flags: string[]): Promise<Answer> =>
      self.run('rollback', 'kubernetes', '--yes', ...(await self.at()), ...flags),
    /** Where verify finds it: there is no Gateway here that its domain would lead to. */
    at: async (): Promise<string[]> => ['--url', await urlOf(name, name)],
    async answer(): Promise<{ version: string; tone: string }> {
      const response = await fetch(`${await urlOf(name, name)}/live`);
      return (await response.json()) as { version: string; tone: string };
    },
    async releases(): Promise<Record<string, string>> {
      const { stdout, stderr, code } = await self.run(
        'releases',
        '--platform',
        'kubernetes',
        '--format',
        'json',
      );
      expect(code, stderr).toBe(0);
      const { releases } = JSON.parse(stdout) as {
        releases: { id: string; status: string; current: boolean }[];
      };
      return Object.fromEntries(
        releases.map(({ id, status, current }) => [id, current ? `${status}, current` : status]),
      );
    },
    /** Names of all objects that deploys make, without those of the record. */
    async objects(): Promise<string[]> {
      const kinds = 'configmap,service,serviceaccount,deployment,statefulset,cronjob,pdb,hpa,networkpolicy';
      const listed = await kubectl([
        'get',
        kinds,
        ...IN,
        '--selector',
        'aideploy.dev/project,!aideploy.dev/record',
        '--output',
        'name',
      ]);
      return listed.trim().split('\n').sort();
    },
  };
  await write(first);
  await kubectl(['apply', '--filename', join(folder, PRODUCTION, 'namespace.yaml')]);
  await grant();
  env['KUBECONFIG'] = await kubeconfigOf(name, `${name}-deployer`);
  await self.secret({ CHAT_TOKEN: 'k' });
  // Made by hand, as by somebody who deployed so far without aideploy: its address is known before the first deploy.
  const [service] = parseAllDocuments(await readFile(join(folder, 'deploy/k8s/base/api.yaml'), 'utf8'))
    .map(document => document.toJS() as { kind: string } | null)
    .filter(object => object?.kind === 'Service');
  await kubectl(['apply', ...IN, '--filename', '-'], JSON.stringify(service));
  return self;
}

export type Releases = Awaited<ReturnType<typeof releasesOf>>;

const configuration = (name: string, changes: Changes) => ({
  version: 1,
  name,
  image: { registry: REGISTRY },
  services: {
    api: {
      language: 'go',
      port: 8080,
      metrics: false,
      health: { live: '/live', ready: '/ready' },
      timeouts: { request: '2s', llm: '1s', startup: '10s', drain: '3s', drainDelay: '4s' },
      resources: { cpu: { request: '20m', limit: '500m' }, memory: { request: '32Mi', limit: '64Mi' } },
      scale: changes.scale ?? { replicas: 2 },
      env: { PORT: '${port}', TONE: 'calm', ...changes.env },
      secrets: ['CHAT_TOKEN', ...(changes.secrets ?? [])],
      smoke: [
        {
          name: 'chat',
          method: 'POST',
          path: '/api/chat',
          json: { message: 'hi' },
          expect: { json: { '$.reply': 'hello' } },
          within: '2s',
        },
      ],
      ...(changes.volume && { volumes: [{ name: 'data', path: '/data', size: '1Gi' }] }),
      ...(changes.migrations && { dependsOn: ['db'] }),
    },
    ...changes.services,
  },
  ...(changes.migrations && {
    database: {
      host: 'db.example.com',
      version: '15',
      name: 'chat',
      user: 'chat',
      owner: 'chat_owner',
      migrations: { run: 'command', command: ['/server', 'migrate'] },
    },
  }),
  targets: { docker: {}, kubernetes: { monitor: false } },
  ...(changes.patches && { patches: changes.patches }),
});

/** Runs to its end, and does something once it has printed a line that begins so. */
export async function ending(
  child: ChildProcess,
  line: string,
  then: () => Promise<void>,
): Promise<{ code: number | null; text: string }> {
  let text = '';
  let done: Promise<void> | undefined;
  const seen = (chunk: Buffer) => {
    text += chunk.toString();
    if (!done && `\n${text}`.includes(`\n${line}`)) done = then();
  };
  child.stdout?.on('data', seen);
  child.stderr?.on('data', seen);
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  if (!done) throw new Error(`no line began with "${line}":\n${text}`);
  await done;
  return { code, text };
}

/** Asks on, one connection a request, until it is told to stop; each request that was not answered with 200 is a failure. */
export function load(url: string): { stop(): Promise<{ asked: number; failures: string[] }> } {
  let stopped = false;
  const failures: string[] = [];
  let asked = 0;
  const client = async () => {
    while (!stopped && asked < 20_000) {
      asked++;
      const ended = await once(url);
      if (ended !== '200') failures.push(`${new Date().toISOString()} ${ended}`);
      await new Promise(resolve => setTimeout(resolve, 25));
    }
  };
  const clients = Promise.all([client(), client()]);
  return {
    async stop() {
      stopped = true;
      await clients;
      return { asked, failures };
    },
  };
}

const once = (url: string): Promise<string> =>
  new Promise(resolve => {
    const asked = request(url, { agent: false, timeout: 30_000 }, response => {
      response.resume();
      response.on('end', () => resolve(String(response.statusCode)));
      response.on('error', error => resolve(error.message));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')));
    asked.on('error', error => resolve(error.message));
    asked.end();
  });
