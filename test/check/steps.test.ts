import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examine } from '../../src/check/check.ts';
import { samePath, sequencesOf } from '../../src/check/steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'aideploy-steps-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
async function sequencesIn(files: Readonly<Record<string, string>>) {
  const root = join(folder, String(count++));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return sequencesOf((await examine(root, ['.'], { ruleIds: [] })).context);
}

const said = (steps: readonly { does: string; what: string; name: string; at: { line: number } }[]) =>
  steps.map(({ does, what, name, at }) => `${at.line} ${does} ${what} ${name}`);

describe('what a command does to the host', () => {
  test.each([
    [
      'cp -a bin/server /opt/app/',
      ['needs path bin/server', 'makes path /opt/app', 'makes path /opt/app/server', 'makes path /opt/app/*'],
    ],
    [
      'sudo install -m 755 -o app -g app server /usr/local/bin/server',
      [
        'needs user app',
        'needs group app',
        'needs path server',
        'makes path /usr/local/bin/server',
        'makes path /usr/local/bin/server/server',
      ],
    ],
    ['install -d -o app /var/lib/app', ['needs user app', 'makes path /var/lib/app']],
    [
      'useradd --system --home-dir /var/lib/app --shell /usr/sbin/nologin app',
      ['makes user app', 'makes group app', 'makes path /var/lib/app'],
    ],
    ['chown -R app:staff /srv/app', ['needs user app', 'needs group staff', 'needs path /srv/app']],
    ['sudo -u postgres psql -f schema.sql', ['needs user postgres', 'needs path schema.sql']],
    ['systemctl enable --now app backup.timer', ['needs unit app.service', 'needs unit backup.timer']],
    ['pg_dump app | gzip > "$DIR/app_$(date +%F).sql.gz"', ['makes path /backups/app_*.sql.gz']],
    ['gunzip -c old.sql.gz | psql app', ['needs path old.sql.gz']],
    [
      'tar -xzf release.tgz -C /opt/app',
      ['needs path release.tgz', 'makes path /opt/app', 'makes path /opt/app/*'],
    ],
    ['curl -fsSLO https://example.com/tool.tgz', ['makes path tool.tgz']],
    ['mv a b 2>/dev/null', ['needs path a', 'makes path b', 'makes path b/a', 'removes path a']],
    ['/opt/app/bin/server --check', ['needs path /opt/app/bin/server']],
    [
      'scp server deploy@host:/opt/app/server',
      ['needs path server', 'makes path /opt/app/server', 'makes path /opt/app/server/server'],
    ],
  ])('%s', async (command, expected) => {
    const [sequence] = await sequencesIn({ 'a.sh': `DIR=/backups\n${command}\n` });
    expect(said(sequence?.steps ?? []).map(each => each.replace(/^\d+ /, ''))).toEqual(expected);
  });
});

describe('in order', () => {
  test('a guide is one sequence over its blocks, the scripts they call and the files they show', async () => {
    const guide = [
      '# Install',
      '```bash',
      'cd /opt/app',
      './scripts/user.sh',
      '```',
      'Create `/etc/systemd/system/app.service`:',
      '```ini',
      '[Service]',
      'ExecStart=/opt/app/server',
      '```',
      '```bash',
      'touch log',
      'systemctl start app',
      '```',
    ].join('\n');
    const found = await sequencesIn({ 'GUIDE.md': guide, 'scripts/user.sh': 'useradd app\n' });
    const sequence = found.find(each => each.guide);
    expect(sequence?.opaque).toBe(false);
    expect(said(sequence?.steps ?? [])).toEqual([
      '4 needs path /opt/app/scripts/user.sh',
      '1 makes user app',
      '1 makes group app',
      '8 makes path /etc/systemd/system/app.service',
      '12 makes path /opt/app/log',
      '13 needs unit app.service',
    ]);
    expect(sequence?.steps.at(-1)?.headings).toEqual(['Install']);
  });

  test('a script that calls itself ends, and one that is not here leaves everything open', async () => {
    const [a, b] = await sequencesIn({ 'a.sh': './a.sh\nrm x\n', 'b.sh': './elsewhere.sh\n' });
    expect([a?.opaque, b?.opaque]).toEqual([false, true]);
    expect(said(a?.steps ?? []).filter(each => each === '2 removes path x')).toHaveLength(2);
  });
});

describe('whether two paths may be the same', () => {
  test.each([
    ['/opt/app/server', '/opt/app/server', true],
    ['/opt/app/server', '/opt/app/worker', false],
    ['./server.bak', '/opt/app/server.bak', true],
    ['bin/server', '/opt/app/lib/server', false],
    ['/backups/a_YYYYMMDD_HHMMSS.sql.gz', '/backups/a_*.sql.gz', true],
    ['/opt/app/server.v1.0.0.bak', '/opt/app/server.v2.3.1.bak', true],
    ['/opt/app/server.<version>', '/opt/app/server.1.2', true],
    ['/opt/*/server', '/srv/app/server', false],
    ['GUIDE.md', '/opt/app/server.v1.0.0.bak', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect([samePath(a, b), samePath(b, a)]).toEqual([expected, expected]);
  });
});
