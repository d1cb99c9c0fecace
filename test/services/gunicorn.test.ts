/** gunicorn with the worker that `render` writes: what a proxy's kept connections see of a reload. */
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { freePort } from './ports.ts';
import { cleanUp, pythonEnvironment, run, start, temporaryFolder } from './programs.ts';

const WORKERS = fileURLToPath(
  new URL('../../examples/python-asgi/deploy/systemd/beyondcloud-python', import.meta.url),
);
const APP = `
async def app(scope, receive, send):
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"].endswith("shutdown"):
            return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
`;

afterAll(cleanUp);

test('a reload loses no request of connections that are kept, as nginx keeps them', async () => {
  const folder = await temporaryFolder('aideploy-gunicorn-');
  await writeFile(join(folder, 'app.py'), APP);
  const port = await freePort();
  const server = start(
    [
      join(await pythonEnvironment(), 'gunicorn'),
      ...['--bind', `127.0.0.1:${port}`, '--workers', '2', '--keep-alive', '75', '--graceful-timeout', '8'],
      ...['--worker-class', 'draining_worker.DrainingWorker', '--pythonpath', WORKERS, 'app:app'],
    ],
    { cwd: folder, env: { GUNICORN_DRAIN: '6' } },
  );
  // One agent a client: each goes on with its own connection, and one that breaks is one lost request.
  const post = (agent: Agent) =>
    new Promise<string>(done => {
      const asked = request({ agent, port, host: '127.0.0.1', method: 'POST' }, answer => {
        answer.resume().on('end', () => done('answered'));
      });
      asked.on('error', error => done(`lost: ${error.message}`)).end('hi');
    });
  const first = new Agent();
  while ((await post(first)) !== 'answered') await sleep(100);

  const outcomes: Record<string, number> = {};
  let over = false;
  const client = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!over) {
      const outcome = await post(agent);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    agent.destroy();
  };
  const clients = Array.from({ length: 16 }, client);
  for (let i = 0; i < 3; i++) {
    await sleep(1500);
    server.signal('SIGHUP');
  }
  await sleep(3500);
  over = true;
  await Promise.all(clients);
  server.signal('SIGTERM');
  await server.exit;
  expect(Object.keys(outcomes)).toEqual(['answered']);
  expect(outcomes['answered']).toBeGreaterThan(500);
});

/** As gunicorn's master does when a worker ends; nothing may be imported then, in the middle of which the next one ends. */
const END = `
import os, runpy, sys, types

class Late:
    def find_spec(self, name, *_):
        raise RuntimeError("imported when a worker ends: " + name)

conf = runpy.run_path(sys.argv[1])
sys.meta_path.insert(0, Late())
conf["child_exit"](None, types.SimpleNamespace(pid=42))
print(sorted(os.listdir(os.environ["PROMETHEUS_MULTIPROC_DIR"])))
`;

test('the gauges of a worker that ended are taken away with what the master has at hand', async () => {
  const numbers = await temporaryFolder('aideploy-gauges-');
  for (const pid of [42, 43]) await writeFile(join(numbers, `gauge_livesum_${pid}.db`), '');
  const python = join(await pythonEnvironment(), 'python');
  const env = { GUNICORN_WORKERS: '2', PROMETHEUS_MULTIPROC_DIR: numbers };
  const said = await run([python, '-c', END, join(WORKERS, 'gunicorn.conf.py')], { env });
  expect(said).toBe("['gauge_livesum_43.db']\n");
});
