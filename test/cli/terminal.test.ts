/** What every command looks like where there is no colour, no cursor, no terminal, or one of 80 columns. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { hasColour, isLive } from '../../src/cli/terminal.ts';
import { wrapped } from '../../src/report/wrapped.ts';
import { aideploy, MINIMAL, project, ROOT } from './run.ts';

/** The same on a real terminal, which `script` makes; both streams are what is seen on it. */
function onTerminal(args: readonly string[], cwd: string, terminal: NodeJS.ProcessEnv): Promise<string> {
  const { CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...env } = process.env;
  const program = [process.execPath, join(ROOT, 'bin/aideploy.js'), ...args];
  const command = `stty cols 80 rows 24; exec ${program.map(word => `'${word}'`).join(' ')}`;
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      cwd,
      env: { ...env, SHELL: '/bin/sh', ...terminal },
    });
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', chunk => (screen += chunk));
    child.on('error', reject).on('close', () => resolve(screen.replaceAll('\r\n', '\n')));
  });
}

const BAD =
  'server {\n  listen 443 ssl;\n  server_name a.example.com;\n  location / { proxy_pass http://localhost:80; }\n}\n';

let folder: string;
beforeAll(async () => {
  folder = await project({
    'aideploy.yaml': MINIMAL,
    'package.json': '{"name": "chat", "main": "src/server.js"}',
    'src/server.js': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
    'nginx/sites-available/chat.conf': BAD,
  });
  await aideploy(['render'], { cwd: folder });
});

/** `fits`: every line of it keeps to 80 columns; others show code, commands or paths, which stay whole. */
const COMMANDS: readonly { readonly words: string; readonly fits?: true }[] = [
  { words: '--help', fits: true },
  { words: 'init --help', fits: true },
  { words: 'render --help', fits: true },
  { words: 'check --help', fits: true },
  { words: 'verify --help', fits: true },
  { words: 'deploy --help', fits: true },
  { words: 'rollback --help', fits: true },
  { words: 'releases --help', fits: true },
  { words: 'init --dry-run --preset node-api' },
  { words: 'render --check', fits: true },
  { words: 'render --dry-run --tag 1.0.0 --force' },
  { words: 'render --stdout docker' },
  { words: 'check nginx' },
  { words: 'check --list-rules' },
  { words: 'explain cross/stop-cuts-drain' },
  { words: 'verify --url http://127.0.0.1:9 --only live --only ready' },
  { words: 'verify --list-probes' },
  { words: 'deploy process --tag 1.0.0 --dry-run --no-verify' },
  { words: 'releases --platform process', fits: true },
  { words: 'doctor', fits: true },
  { words: 'completion bash' },
  { words: 'rendr' },
  { words: 'render -e nowhere' },
];

describe.each(COMMANDS)('aideploy $words', ({ words, fits }) => {
  const args = words.split(' ');

  it('has no colour, no cursor and no letter beyond ASCII in a pipe', async () => {
    const { stdout, stderr } = await aideploy(args, { cwd: folder, env: { TERM: 'xterm-256color' } });
    // A rendered file is UTF-8, also where it is printed.
    const own = words.includes('--stdout') ? stderr : stdout + stderr;
    expect(own).not.toMatch(/[^\n\x20-\x7e\t]/);
    expect(stdout + stderr).not.toBe('');
  });

  it('draws nothing over, and no colour, on a terminal that cannot', async () => {
    const screen = await onTerminal(args, folder, { TERM: 'dumb' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(screen).not.toMatch(/[\r\u001b\b]/);
    if (fits) expect(screen.split('\n').filter(line => line.length > 80)).toEqual([]);
  });

  it('says with colour what it says without', async () => {
    const coloured = await onTerminal(args, folder, { TERM: 'xterm-256color' });
    const plain = await onTerminal(args, folder, { TERM: 'xterm-256color', NO_COLOR: '1' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours and weights
    expect(plain).not.toMatch(/\u001b\[[\d;]*m/);
    expect(steady(stripVTControlCharacters(coloured))).toEqual(steady(plain));
  });
});

/** The last state of each line, without what differs from run to run: times, and who of several came first. */
const steady = (screen: string) =>
  stripVTControlCharacters(screen)
    .split('\n')
    .map(line => (line.split('\r').at(-1) ?? '').replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'T'))
    .toSorted();

it('prose keeps to the width of a terminal, and places, code and commands stay whole', async () => {
  const screen = await onTerminal(['check', 'nginx'], folder, { TERM: 'dumb' });
  const long = screen.split('\n').filter(line => line.length > 80);
  expect(long.filter(line => !/^ {2}\d* *\| /.test(line))).toEqual([]);
  expect(screen).toMatch(/^nginx\/sites-available\/chat\.conf:2:3: warning: /m);
  expect(screen).toMatch(/^ {2}fix: .*\n {4}\S/m);
  const { stdout } = await aideploy(['check', 'nginx'], { cwd: folder });
  expect(stdout).toMatch(/^ {2}fix: .{90}/m);
});

describe('colour is', () => {
  const stream = (isTTY: boolean) => ({ isTTY, hasColors: (env: object) => !('NO_COLOR' in env) }) as never;
  test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ['shown on a terminal', true, {}, true],
    ['not shown in a pipe', false, {}, false],
    ['not shown where NO_COLOR is set', true, { NO_COLOR: '1' }, false],
    ['shown in a pipe that is forced to', false, { FORCE_COLOR: '1' }, true],
    ['not shown where it is forced to 0', true, { FORCE_COLOR: '0' }, false],
  ])('%s', (_, isTTY, env, shown) => expect(hasColour(stream(isTTY), env)).toBe(shown));

  it('forced by FORCE_COLOR, and taken back by --no-color', async () => {
    const env = { FORCE_COLOR: '1' };
    const args = ['explain', 'cross/stop-cuts-drain'];
    expect((await aideploy(args, { cwd: folder, env })).stdout).toContain('\u001b[');
    expect((await aideploy([...args, '--no-color'], { cwd: folder, env })).stdout).not.toContain('\u001b[');
  });
});

test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
  ['a terminal', true, { TERM: 'xterm' }, true],
  ['a dumb one', true, { TERM: 'dumb' }, false],
  ['a pipe', false, {}, false],
  ['a log of CI that claims to be one', true, { CI: 'true' }, false],
])('a line is drawn over on %s: %j', (_, isTTY, env, live) => expect(isLive({ isTTY }, env)).toBe(live));

test.each<[string, number | undefined, string, string]>([
  ['one two three', undefined, '', 'one two three'],
  ['one two three', 7, '', 'one two\nthree'],
  ['  one two three', 9, '    ', '  one two\n    three'],
  ['/a/path/that/is/longer and more', 10, '  ', '/a/path/that/is/longer\n  and more'],
  ['\u001b[31mone\u001b[39m two three', 7, '', '\u001b[31mone\u001b[39m two\nthree'],
])('%j in %s columns', (text, columns, indent, lines) => expect(wrapped(text, columns, indent)).toBe(lines));
