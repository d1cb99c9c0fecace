// The services that talk gRPC, with what stands for Ollama beside them; and what `aideploy verify` says of them.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aideploy, project } from '../cli/run.ts';
import { post, status } from './clients.ts';
import { freePort } from './ports.ts';
import { buildGo, cleanUp, folder, type Program, run, start, temporaryFolder, until } from './programs.ts';

let bin: string;
let ollama: string;
let url: string;
let tools: Program;
let orchestrator: Program;
let ports: { readonly http: number; readonly tools: number; readonly grpc: number };

const health = { live: '/health/live', ready: '/health/ready' };
const verified = async () => {
  const services = {
    orchestrator: { language: 'go', port: ports.http, metrics: false, health, public: true },
    tools: {
      language: 'go',
      port: ports.tools,
      metrics: false,
      health,
      grpc: { port: ports.grpc, service: 'assistant.v1.Tools' },
    },
  };
  const cwd = await project({ 'aideploy.yaml': stringify({ version: 1, name: 'assistant', services }) });
  const { stdout } = await aideploy(['verify', '--quiet', '--wait', '1s', '--only', 'grpc'], { cwd });
  return stdout;
};
const startTools = () =>
  start([join(bin, 'tools')], { env: { HTTP_PORT: String(ports.tools), GRPC_PORT: String(ports.grpc) } });

beforeAll(async () => {
  const models = await temporaryFolder('aideploy-models-');
  ollama = join(await temporaryFolder('aideploy-ollama-'), 'ollama');
  const standIn = join(folder('..'), 'platforms/images/ollama');
  [bin] = await Promise.all([
    buildGo('multi-service', '1.2.3'),
    run(['go', 'build', '-o', ollama, '.'], {
      cwd: standIn,
      env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    }),
  ]);
  ports = { http: await freePort(), tools: await freePort(), grpc: await freePort() };
  const model = `127.0.0.1:${await freePort()}`;
  url = `http://127.0.0.1:${ports.http}`;
  const env = {
    PORT: String(ports.http),
    TOOLS_ADDRESS: `127.0.0.1:${ports.grpc}`,
    OLLAMA_URL: `http://${model}`,
  };
  orchestrator = start([join(bin, 'orchestrator')], { env });
  await until(async () => (await status(`${url}/health/live`)) === 200, 'the orchestrator');
  expect(await status(`${url}/health/ready`)).toBe(503);
  tools = startTools();
  start([ollama, 'serve'], { env: { OLLAMA_HOST: model, OLLAMA_MODELS: models } });
  await until(async () => (await status(`${url}/health/ready`)) === 200, 'tools and model');
}, 600_000);
afterAll(cleanUp);

describe('an orchestrator and its tools', () => {
  it('answers with what the tools found and the model made of it', async () => {
    const answer = await post(`${url}/api/chat`, { message: 'how are you' });
    expect(await answer.json()).toEqual({ reply: 'Echo: how are you (3 words)', model: 'llama3.2:1b' });
    expect((await post(`${url}/api/chat`, {})).status).toBe(400);
  });

  it('tells its version and asks itself', async () => {
    expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ version: '1.2.3' });
    await run([join(bin, 'orchestrator'), 'health'], { env: { PORT: String(ports.http) } });
    await run([join(bin, 'tools'), 'health'], { env: { HTTP_PORT: String(ports.tools) } });
  });

  it('serves gRPC by the standard health service, until it ends in order; without it nothing is ready', async () => {
    expect(await verified()).toMatch(
      /pass +grpc\/tools +.*Check at 127\.0\.0\.1:\d+ for assistant\.v1\.Tools: SERVING/,
    );
    tools.signal('SIGTERM');
    expect(await tools.exit).toBe(0);
    expect(await verified()).toMatch(/fail +grpc\/tools/);
    expect(await status(`${url}/health/ready`)).toBe(503);
    expect((await post(`${url}/api/chat`, { message: 'hi' })).status).toBe(502);
    tools = startTools();
    await until(async () => (await status(`${url}/health/ready`)) === 200, 'the tools again');
  });

  it('ends in order', async () => {
    orchestrator.signal('SIGTERM');
    expect(await orchestrator.exit).toBe(0);
  });
});
