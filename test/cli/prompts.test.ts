import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { project, ROOT, read } from './run.ts';

const ENTER = '\r';

interface Dialogue {
  readonly code: number | null;
  readonly screen: string;
}

/** Runs `aideploy init` on a real terminal (script makes one) and answers each question as it appears. */
function converse(
  folder: string,
  answers: readonly (readonly [string, string])[],
  terminal = 'xterm',
): Promise<Dialogue> {
  return new Promise((resolve, reject) => {
    const { CI: _, ...env } = process.env;
    const command = `${process.execPath} ${join(ROOT, 'bin/aideploy.js')} init`;
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      cwd: folder,
      env: { ...env, TERM: terminal, NO_COLOR: '1' },
    });
    const open = [...answers];
    let screen = '';
    let seen = 0;
    child.stdout.setEncoding('utf8').on('data', chunk => {
      screen += chunk;
      const [next] = open;
      if (!next || !screen.slice(seen).includes(next[0])) return;
      seen = screen.length;
      open.shift();
      // The prompt draws itself first and listens then.
      setTimeout(() => child.stdin.write(next[1]), 100);
    });
    child.on('error', reject).on('close', code => resolve({ code, screen }));
  });
}

describe('init with somebody to ask', () => {
  it('asks what it cannot know, and writes what it was told', async () => {
    const folder = await project({ 'README.md': 'no source yet' });
    const { code, screen } = await converse(folder, [
      ['Language of the service', `\u001b[B${ENTER}`],
      ['Port that api listens on', `8000${ENTER}`],
      ['ASGI object of api', `app.main:app${ENTER}`],
      ['while the process is alive', `/live${ENTER}`],
      ['when it can take requests', `/ready${ENTER}`],
      ['Public domain', `chat.example.com${ENTER}`],
      ['Registry', ENTER],
      ['What should be rendered', ENTER],
    ]);
    expect(code, screen).toBe(0);
    const written = parse(await read(folder, 'aideploy.yaml'));
    expect(written).toMatchObject({
      domain: 'chat.example.com',
      services: {
        api: {
          language: 'python',
          port: 8000,
          health: { live: '/live', ready: '/ready' },
          build: { main: 'app.main:app' },
        },
      },
      targets: { docker: {}, compose: {} },
    });
    expect(written.image).toBeUndefined();
  });

  it('ends with 130 and writes nothing when it is interrupted', async () => {
    const folder = await project({ 'README.md': 'no source yet' });
    const { code, screen } = await converse(folder, [['Language of the service', '\u0003']]);
    expect(code, screen).toBe(130);
    expect(screen).toContain('interrupted');
    await expect(read(folder, 'aideploy.yaml')).rejects.toThrow(/ENOENT/);
  });

  it('asks line by line, and moves no cursor, where nothing can be drawn over', async () => {
    const folder = await project({ 'README.md': 'no source yet' });
    const { code, screen } = await converse(
      folder,
      [
        ['Language of the service (go, python, node)', 'ruby\n'],
        ['Not an answer. Language of the service', 'node\n'],
        ['Port that api listens on (1 to 65535)', '80 80\n'],
        ['Not an answer. Port', '8080\n'],
        ['while the process is alive', '/live\n'],
        ['when it can take requests', '/ready\n'],
        ['Public domain', '\n'],
        ['Registry', '\n'],
        ['What should be rendered? (of docker, compose', 'docker systemd\n'],
      ],
      'dumb',
    );
    expect(code, screen).toBe(0);
    expect(screen).not.toContain('\u001b');
    expect(parse(await read(folder, 'aideploy.yaml'))).toMatchObject({
      services: { api: { language: 'node', port: 8080, health: { live: '/live', ready: '/ready' } } },
      targets: { docker: {}, systemd: {} },
    });
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['the end of the input', '\u0004'],
  ])('takes %s for an interruption there too', async (_, key) => {
    const folder = await project({ 'README.md': 'no source yet' });
    const { code, screen } = await converse(folder, [['Language of the service', key]], 'dumb');
    expect(code, screen).toBe(130);
    await expect(read(folder, 'aideploy.yaml')).rejects.toThrow(/ENOENT/);
  });
});
