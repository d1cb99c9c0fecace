// The scripts as rendered, a gcloud that changes a world of the test's, and what answers at Cloud Run's addresses.

import { type ChildProcess, execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/load.ts';
import { buildModel } from '../../../src/model/build.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { cloudrun } from '../../../src/targets/cloudrun/index.ts';
import { gcloud } from '../../standins/gcloud/gcloud.mjs';

const STANDIN = fileURLToPath(new URL('../../standins/gcloud/gcloud', import.meta.url));
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
export const DIGEST = digest('a');

export interface Target {
  readonly revisionName: string;
  readonly percent?: number;
  readonly tag?: string;
  readonly latestRevision?: true;
}

export interface World {
  calls: number;
  fail: number | string | null;
  /** Whether a person runs the scripts, whose token names no audience. */
  person: boolean;
  project: string;
  apis: string[];
  accounts: string[];
  others: string[];
  repositories: Record<string, unknown>;
  connectors: string[];
  images: Record<string, string>;
  /** Where Cloud Run pulls from. */
  pulls: string[];
  /** Parts of images whose programs never become ready. */
  broken: string[];
  secrets: Record<
    string,
    {
      versions: { data: string; state: string }[];
      policy: Record<string, string[]>;
      annotations?: Record<string, string>;
    }
  >;
  services: Record<
    string,
    {
      annotations: Record<string, string>;
      policy: Record<string, string[]>;
      revisions: Record<string, { spec: unknown; ready: string; annotations: Record<string, string> }>;
      traffic: Target[];
    }
  >;
  /** What programs say, by a part of the names of their revisions. */
  logs: Record<string, string[]>;
  verifiedDomains: string[];
  mappings: Record<string, string>;
}

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Ending {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

export interface Request {
  readonly host: string;
  readonly path: string;
  readonly token: string | undefined;
}

/** How the programs behind the addresses answer: a status, or that of gRPC. */
export type Behaviour = (request: Request) => number;

export interface Place {
  readonly folder: string;
  readonly requests: Request[];
  /** Of a process that is to meet this gcloud, and what answers at its addresses. */
  readonly env: Readonly<Record<string, string>>;
  /** Is told of every call, before it does anything. */
  watch(told: (call: Call) => void): void;
  behave(behaviour: Behaviour): void;
  /** Ends the script that runs, as a person or a machine that shuts down would. */
  signal(signal: 'SIGINT' | 'SIGTERM'): void;
  world(): World;
  become(world: World): void;
  change(change: (world: World) => void): void;
  readonly calls: Call[];
  run(
    script: string,
    args?: readonly string[],
    input?: string,
    env?: Record<string, string>,
  ): Promise<Ending>;
  end(): Promise<void>;
}

const engine = await createEngine();

/** Of Google's front end, for every place. */
const certificate = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const flags = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync('openssl', [...flags, '-subj', '/CN=run.app', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
})();

export async function createPlace(configuration: string, files: Record<string, string> = {}): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy cloud run '));
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(configuration)));
  for (const { path, content, mode } of cloudrun.render(model, engine)) write(folder, path, content, mode);
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  mkdirSync(join(folder, 'bin'));
  symlinkSync(STANDIN, join(folder, 'bin', 'gcloud'));
  let world = worldOf(model.targets.cloudrun?.project ?? '');
  let behaviour: Behaviour = () => 200;
  let running: ChildProcess | undefined;
  let watcher: (call: Call) => void = () => undefined;
  const calls: Call[] = [];
  const requests: Request[] = [];
  const gcloudServer = await serveGcloud((args, input) =>
    gcloud(world, args, input, call => {
      calls.push(call);
      watcher(call);
    }),
  );
  const front = await serveFront(folder, request => {
    requests.push(request);
    return behaviour(request);
  });
  return {
    folder,
    calls,
    requests,
    env: { ...environmentOf(folder), GCLOUD_STANDIN: String(portOf(gcloudServer)) },
    watch: told => {
      watcher = told;
    },
    behave: wanted => {
      behaviour = wanted;
    },
    signal: signal => {
      running?.kill(signal);
    },
    world: () => structuredClone(world),
    become: wanted => {
      world = structuredClone(wanted);
    },
    change: change => change(world),
    run: (script, args = [], input = '', env = {}) =>
      run(folder, script, args, input, { GCLOUD_STANDIN: String(portOf(gcloudServer)), ...env }, child => {
        running = child;
      }),
    end: async () => {
      for (const server of [gcloudServer, front]) await new Promise(resolve => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Fields end in NUL: the number of words, the words, and what is read, in base64; then the code, what is said and what is wrong. */
async function serveGcloud(
  answer: (args: string[], input: string) => { code: number; out: string; said: string },
): Promise<Server> {
  const server = createServer(socket => {
    let text = '';
    socket.setEncoding('utf8');
    // Whoever asked may be gone by now.
    socket.on('error', () => undefined);
    socket.on('data', chunk => {
      text += chunk;
      const [count = '', ...fields] = text.split('\0');
      if (fields.length < Number(count) + 2) return;
      const { code, out, said } = answer(fields.slice(0, Number(count)), fields[Number(count)] ?? '');
      socket.end(`${code}\0${out}\0${said}\0`);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function write(folder: string, path: string, content: string, mode?: number): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  if (mode !== undefined) chmodSync(join(folder, path), mode);
}

const worldOf = (project: string): World => ({
  calls: 0,
  fail: null,
  person: false,
  project,
  apis: [],
  accounts: [],
  others: [],
  repositories: {},
  connectors: [],
  images: {},
  pulls: ['us-central1-docker.pkg.dev/'],
  broken: [],
  secrets: {},
  services: {},
  logs: {},
  verifiedDomains: ['example.com'],
  mappings: {},
});

/** TLS with HTTP/1 and HTTP/2, as Google's front end; curl is told to come here whatever the host. */
async function serveFront(folder: string, behaviour: Behaviour): Promise<Server> {
  const server = createSecureServer({ ...certificate, allowHTTP1: true });
  server.on('request', (request, response) => {
    const host = String(request.headers[':authority'] ?? request.headers['host']);
    const status = behaviour({ host, path: request.url, token: request.headers['authorization'] });
    if (request.headers['content-type'] !== 'application/grpc') {
      response.writeHead(status);
      response.end();
      return;
    }
    // A status of gRPC stands in the trailers, behind a message where there is one. An answer before the whole question is
    // heard would reset the stream, which curl takes for an error.
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/grpc' });
      response.addTrailers({ 'grpc-status': String(status) });
      response.end(status === 0 ? Buffer.from('00000000020801', 'hex') : '');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(
    join(folder, '.curlrc'),
    `connect-to = "::127.0.0.1:${portOf(server)}"\ninsecure\nnoproxy = "*"\n`,
  );
  return server;
}

const PATH = process.env['PATH'] ?? '';
const environmentOf = (folder: string) => ({
  PATH: `${join(folder, 'bin')}:${PATH}`,
  HOME: folder,
  CURL_HOME: folder,
  TMPDIR: folder,
});

function run(
  folder: string,
  script: string,
  args: readonly string[],
  input: string,
  more: Record<string, string>,
  started: (child: ChildProcess) => void,
): Promise<Ending> {
  const env = { ...environmentOf(folder), ...more };
  return new Promise(resolve => {
    const path = join(folder, 'deploy', 'cloudrun', script);
    const child = execFile(path, [...args], { env, cwd: folder }, (error, out, said) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, said }),
    );
    started(child);
    child.stdin?.end(input);
  });
}
