import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../services/ports.ts';
import { bases, buildImage, compose, docker, engine, startContainer } from './docker.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const hello = fixture('hello');

const health = async (container: string): Promise<string> =>
  (await docker(['inspect', '--format', '{{.State.Health.Status}}', container])).trim();

/** The body of an answer, or what went wrong while there is none. */
const text = (url: string): Promise<string> => fetch(url).then(answer => answer.text(), String);

beforeAll(async () => {
  await engine.up();
  await buildImage({ context: hello, tag: 'test/hello:1', args: { BUILD_IMAGE: bases.golang } });
});

describe('an image built from two stages', () => {
  it('answers over a published loopback port, and its own health check reports healthy', async () => {
    const port = await freePort();
    const container = await startContainer('test/hello:1', [
      '--publish',
      `127.0.0.1:${port}:8080`,
      '--read-only',
    ]);
    await expect.poll(() => health(container), { timeout: 30_000 }).toBe('healthy');
    expect(await text(`http://127.0.0.1:${port}/`)).toBe('hello');
  });
});

describe('compose', () => {
  it('waits for health, resolves names and hands secrets to containers', async () => {
    const port = await freePort();
    const options = { cwd: hello, env: { HELLO_PORT: `${port}`, HELLO_PASSWORD: "it's $ecret" } };
    await compose(['up', '--wait', '--wait-timeout', '120'], options);

    expect(await text(`http://127.0.0.1:${port}/`)).toBe('hello');
    const url = 'host=db user=hello dbname=hello';
    const login = (password: string): Promise<string> =>
      compose(
        [
          'exec',
          '--no-TTY',
          '--env',
          `PGPASSWORD=${password}`,
          'client',
          'psql',
          url,
          '-Atc',
          'SELECT current_user',
        ],
        options,
      );
    expect((await login("it's $ecret")).trim()).toBe('hello');
    await expect(login('wrong')).rejects.toThrow('password authentication failed');
  });
});

describe('base images', () => {
  it('hold the tools they are named for, where the official images have them', async () => {
    const { golang: GOLANG, python: PYTHON, node: NODE, static: STATIC } = bases;
    const context = fixture('bases');
    const image = await buildImage({ context, tag: 'test/bases:1', args: { GOLANG, PYTHON, NODE, STATIC } });
    expect(JSON.parse(await docker(['run', '--rm', '--network', 'none', image]))).toEqual({
      go: expect.stringMatching(/^go version go1\.26/),
      python: expect.stringMatching(/^Python 3\.11/),
      pip: expect.stringContaining('/usr/local/lib/python3.11'),
      site: '/usr/local/lib/python3.11/site-packages',
      venv: '/venv',
      node: expect.stringMatching(/^v22\./),
      npm: expect.stringMatching(/^10\./),
      certificates: 'some',
      zone: 'Europe/Berlin',
      user: 'nonroot',
    });
  });

  it('ollama stands in: it lists what was pulled, also after a restart', async () => {
    const port = await freePort();
    const container = await startContainer(bases.ollama, ['--publish', `127.0.0.1:${port}:11434`]);
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(() => text(`${url}/`), { timeout: 30_000 }).toBe('Ollama is running');
    await fetch(`${url}/api/pull`, { method: 'POST', body: JSON.stringify({ model: 'llama3.2:1b' }) });
    await docker(['restart', container]);
    await expect.poll(() => text(`${url}/api/tags`), { timeout: 30_000 }).toContain('"llama3.2:1b"');
  });
});
