import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aideploy, project } from './run.ts';

const CUT = `services:
  chat:
    image: ghcr.io/acme/chat:1.0.0
    environment: {DRAIN_TIMEOUT: 25s}
    stop_grace_period: 12s
    restart: unless-stopped
    mem_limit: 512m
    logging: {driver: local}
`;
const SOUND = CUT.replace('12s', '40s');
const MESSAGE = 'chat is killed after 12s but drains for 25s';

describe('exit codes', () => {
  it.each<[string, Record<string, string>, string[], number]>([
    ['nothing wrong', { 'compose.yaml': SOUND }, [], 0],
    ['an error', { 'compose.yaml': CUT }, [], 1],
    ['a warning', { 'compose.yaml': SOUND.replace(':1.0.0', '') }, [], 1],
    [
      'a warning, where only errors count',
      { 'compose.yaml': SOUND.replace(':1.0.0', '') },
      ['--severity', 'error'],
      0,
    ],
    ['an error in a rule that was not asked', { 'compose.yaml': CUT }, ['--rule', 'image'], 0],
    ['an error that is ignored', { 'compose.yaml': CUT }, ['--ignore', 'cross/stop-cuts-drain'], 0],
    ['an empty folder', {}, [], 3],
    ['nothing that is known here', { 'main.go': 'package main\n' }, [], 3],
    [
      'only a template',
      { 'deploy/app.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n' },
      [],
      3,
    ],
    ['a path that is not there', { 'compose.yaml': SOUND }, ['nowhere.yaml'], 2],
    ['a rule that is not there', { 'compose.yaml': SOUND }, ['--rule', 'cross/nothing'], 2],
    ['a severity that is not there', { 'compose.yaml': SOUND }, ['--severity', 'grave'], 2],
    ['a baseline that is not there', { 'compose.yaml': SOUND }, ['--baseline', 'none.json'], 2],
    ['a baseline of another kind', { 'compose.yaml': SOUND, 'b.json': '{}' }, ['--baseline', 'b.json'], 2],
    ['a configuration that is wrong', { 'compose.yaml': SOUND, 'aideploy.yaml': 'version: 9\n' }, [], 2],
    [
      'the same, where files were named',
      { 'compose.yaml': SOUND, 'aideploy.yaml': 'version: 9\n' },
      ['compose.yaml'],
      0,
    ],
    ['a view with nothing in it', { 'chat.env': 'A=1\n' }, ['--explain', 'timeouts'], 3],
  ])('%s', async (_, files, args, code) => {
    const answer = await aideploy(['check', ...args], { cwd: await project(files) });
    expect([answer.code, answer.stderr]).toEqual([code, expect.not.stringMatching(/^\s+at /m)]);
  });
});

describe('formats', () => {
  it('text shows the line, what the finding rests on and what to do', async () => {
    const { stdout } = await aideploy(['check'], { cwd: await project({ 'compose.yaml': CUT }) });
    expect(stdout).toBe(
      [
        `compose.yaml:5:24: error: ${MESSAGE} [cross/stop-cuts-drain]`,
        '  5 |     stop_grace_period: 12s',
        '    |                        ^',
        '  compose.yaml:4: DRAIN_TIMEOUT=25s',
        '  fix (--fix does it): Give the stop a budget longer than the drain and what precedes it: stop_grace_period, terminationGracePeriodSeconds, TimeoutStopSec.',
        '',
        '1 file checked: 1 error, 0 warnings, 0 for information',
        '',
      ].join('\n'),
    );
  });

  it('text of many findings tells each remedy once, what there is most of, and a folder of templates as one note', async () => {
    const many = Array.from({ length: 24 }, (_, i) => `  job${i}: {image: registry.example/job}\n`).join('');
    const templates = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map(name => [
        `chart/templates/${name}.yaml`,
        'apiVersion: v1\nkind: A\nx: {{ include "a" . }}\n',
      ]),
    );
    const { stdout } = await aideploy(['check', '--rule', 'image/floating'], {
      cwd: await project({ 'compose.prod.yaml': `services:\n${many}`, ...templates }),
    });
    expect(stdout.match(/^ {2}fix\b/gm)).toHaveLength(1);
    expect(stdout).toContain(
      '\nchart/templates/: 4 files not checked: a template, which has to be filled in first\n',
    );
    expect(stdout).toMatch(
      /: 0 errors, 24 warnings, 0 for information\n {2}warnings: 24 image\/floating\n`aideploy explain/,
    );
  });

  it('json is one document of the shape that was promised', async () => {
    const { stdout } = await aideploy(['check', '--format', 'json'], {
      cwd: await project({
        'compose.yaml': CUT,
        'x.yaml': 'apiVersion: v1\nkind: A\nx: {{ include "a" . }}\n',
      }),
    });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      summary: { files: 1, error: 1, warning: 0, info: 1 },
      findings: [
        {
          rule: 'cross/stop-cuts-drain',
          severity: 'error',
          message: MESSAGE,
          file: 'compose.yaml',
          line: 5,
          column: 24,
          related: [{ file: 'compose.yaml', line: 4, column: 19, message: 'DRAIN_TIMEOUT=25s' }],
          fix: expect.stringMatching(/^Give the stop/),
          fixable: 'safe',
          docs: expect.stringMatching(/^https:.*cross\/stop-cuts-drain/),
        },
        expect.objectContaining({ rule: 'file/skipped', file: 'x.yaml', line: 3 }),
      ],
      skipped: [{ file: 'x.yaml', reason: expect.stringMatching(/template/) }],
    });
  });

  it('sarif names rule, place and related places', async () => {
    const { stdout } = await aideploy(['check', '--format', 'sarif'], {
      cwd: await project({ 'a b/compose.yaml': CUT }),
    });
    const { version, runs } = JSON.parse(stdout);
    expect([version, runs.length]).toEqual(['2.1.0', 1]);
    const [{ tool, results }] = runs;
    expect(results).toHaveLength(1);
    expect(tool.driver.rules[results[0].ruleIndex].id).toBe('cross/stop-cuts-drain');
    expect(results[0]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/compose.yaml' },
            region: { startLine: 5, startColumn: 24 },
          },
        },
      ],
      relatedLocations: [{ id: 0, physicalLocation: { region: { startLine: 4 } } }],
    });
  });

  it('junit and github say the same in their own words', async () => {
    const cwd = await project({ 'compose.yaml': CUT });
    const junit = await aideploy(['check', '--format', 'junit'], { cwd });
    expect(junit.stdout).toContain(`<failure type="error" message="${MESSAGE}">`);
    const github = await aideploy(['check', '--format', 'github'], { cwd });
    expect(github.stdout).toMatch(
      /^::error file=compose\.yaml,line=5,col=24,title=cross\/stop-cuts-drain::chat is killed/,
    );
  });

  it('no secret is shown, not in an excerpt either', async () => {
    const secret = 'sk-ant-REDACTED';
    const cwd = await project({
      'compose.yaml': SOUND.replace(
        '{DRAIN',
        `{ANTHROPIC_API_KEY: ${secret}, DB_PASSWORD: hunter22, DRAIN`,
      ).replace('image: ghcr.io/acme/chat:1.0.0', 'image: redis # PASSWORD=hunter22'),
    });
    for (const format of ['text', 'json', 'sarif', 'junit', 'github']) {
      const { stdout, stderr } = await aideploy(['check', '--format', format], { cwd });
      expect(stdout + stderr).not.toMatch(/hunter22|sk-ant-api03/);
    }
  });

  it('equal input gives equal bytes, wherever it stands', async () => {
    const files = {
      'compose.yaml': CUT,
      'b/Dockerfile': 'FROM debian\n',
      'a/deploy.sh': '#!/bin/sh\ndocker run redis\n',
    };
    const [first, second] = await Promise.all([project(files), project(files)]);
    const answers = await Promise.all([first, second].map(cwd => aideploy(['check'], { cwd })));
    expect(answers[0]?.stdout).toBe(answers[1]?.stdout);
    expect(answers[0]?.stdout).toMatch(/b\/Dockerfile:1:6[\s\S]*compose\.yaml:5:24/);
  });
});

describe('what is accepted', () => {
  it('a baseline hides what was there, and nothing else', async () => {
    const cwd = await project({ 'compose.yaml': CUT });
    await aideploy(['check', '--format', 'json', '--output', 'known.json'], { cwd });
    expect((await aideploy(['check', '--baseline', 'known.json'], { cwd })).code).toBe(0);
    await writeFile(join(cwd, 'compose.yaml'), `# moved by a line\n${CUT}`);
    expect((await aideploy(['check', '--baseline', 'known.json'], { cwd })).code).toBe(0);
    await writeFile(join(cwd, 'compose.yaml'), CUT.replace('12s', '11s'));
    expect((await aideploy(['check', '--baseline', 'known.json'], { cwd })).code).toBe(1);
  });

  it.each<[string, string, number]>([
    ['a reason', '# aideploy-ignore cross/stop-cuts-drain cut on purpose', 0],
    ['a day to come', '# aideploy-ignore cross/stop-cuts-drain cut on purpose until 2999-01-01', 0],
    ['no reason', '# aideploy-ignore cross/stop-cuts-drain', 1],
    ['a day that is past', '# aideploy-ignore cross/stop-cuts-drain cut on purpose until 2020-01-01', 1],
    ['another rule', '# aideploy-ignore image/floating cut on purpose', 1],
  ])('a comment with %s', async (_, comment, code) => {
    const cwd = await project({
      'compose.yaml': CUT.replace('    stop_grace', `    ${comment}\n    stop_grace`),
    });
    expect((await aideploy(['check'], { cwd })).code).toBe(code);
  });
});

describe('--fix', () => {
  it('mends what is safe to mend, keeps the mode, and says what is left', async () => {
    const floating = SOUND.replace(':1.0.0', '');
    const cwd = await project({
      'deploy.sh': '#!/bin/sh\r\n# keeps\r\necho ok\r\n',
      'compose.yaml': floating,
    });
    await chmod(join(cwd, 'deploy.sh'), 0o750);
    const answer = await aideploy(['check', '--fix'], { cwd });
    expect(answer.stderr).toBe('fixed 1 finding in 1 file\n');
    expect(answer.code).toBe(1);
    expect(await readFile(join(cwd, 'deploy.sh'), 'utf8')).toBe('#!/bin/sh\n# keeps\necho ok\n');
    expect((await stat(join(cwd, 'deploy.sh'))).mode & 0o777).toBe(0o750);
    expect(await readFile(join(cwd, 'compose.yaml'), 'utf8')).toBe(floating);
    expect((await aideploy(['check', '--fix', '.'], { cwd })).stderr).toBe('nothing to fix\n');
  });
});

describe('explain', () => {
  it('says what a rule means, and offers one for a slip of the pen', async () => {
    const answer = await aideploy(['explain', 'cross/stop-cuts-drain']);
    expect([answer.code, answer.stdout]).toEqual([
      0,
      expect.stringMatching(/killed before[\s\S]*Not so:[\s\S]*But so:/),
    ]);
    const slip = await aideploy(['explain', 'cross/stop-cut-drain']);
    expect([slip.code, slip.stderr]).toEqual([
      2,
      expect.stringMatching(/did you mean cross\/stop-cuts-drain\?/),
    ]);
  });
});

describe('views', () => {
  const files = {
    'compose.yaml': CUT.replace('25s}', '25s, STREAM_MAX_DURATION: 5m}').replace(
      '    stop',
      '    ports: ["127.0.0.1:8080:8080"]\n    stop',
    ),
    'nginx/site.conf':
      'server { server_name a.example.org; location / { proxy_pass http://127.0.0.1:8080; } }\n',
  };

  it('timeouts: the hop that cuts', async () => {
    const { stdout } = await aideploy(['check', '--explain', 'timeouts'], { cwd: await project(files) });
    expect(stdout).toMatch(
      /nginx a\.example\.org\/ -> chat[\s\S]*-> nginx a\.example\.org\/ waits between two reads 60s \(nginx\/site\.conf:1, nginx proxy_read_timeout, default 60 s\) <- cuts it/,
    );
  });
  it('shutdown: what is left', async () => {
    const { stdout } = await aideploy(['check', '--explain', 'shutdown'], { cwd: await project(files) });
    expect(stdout).toMatch(/chat +compose +chat +12s +- +25s +-13s killed +compose\.yaml:6/);
  });
  it('graph: Mermaid', async () => {
    const { stdout } = await aideploy(['check', '--explain', 'graph'], { cwd: await project(files) });
    expect(stdout).toMatch(
      /^flowchart LR\n {2}n0\["compose: chat<br>8080"\]\n {2}n1\["nginx: a\.example\.org\/"\]\n {2}n1 -->\|":8080"\| n0\n$/,
    );
  });
});
