/** Each timer, unit and cron file of a backup, before systemd and cron themselves. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupOf } from '../../src/model/backup.ts';
import { createEngine } from '../../src/render/engine.ts';
import { backup } from '../../src/targets/backup/index.ts';
import { calendarOf } from '../../src/targets/calendar.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('backup')]
  .filter(({ model }) => backup.applies(model))
  .map(({ name, model }) => ({ name, model, artifacts: backup.render(model, engine) }));
const ofKind = (end: string) =>
  cases.flatMap(({ name, artifacts }) =>
    artifacts
      .filter(({ path }) => path.endsWith(end))
      .map(({ path, content }) => ({ name, file: path.split('/').at(-1) ?? '', content })),
  );

const hasSystemd = existsSync('/usr/bin/systemd-analyze');
const hasCron = process.getuid?.() === 0 && existsSync('/usr/sbin/cron');
if (!hasSystemd) console.warn('test/judges/backup.test.ts: systemd-analyze is missing (Debian: systemd)');
if (!hasCron) console.warn('test/judges/backup.test.ts: cron is not asked: it needs root and /usr/sbin/cron');

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-backup-units-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Where a test runs, no script is installed. */
const runnable = (unit: string) =>
  unit.replace(/^ExecStart=:(?:"(?:[^"\\]|\\.)*"|\S+)/m, 'ExecStart=:/bin/true');

describe.runIf(hasSystemd)('systemd', () => {
  it.each(ofKind('.service'))(
    'verifies $file of $name with its timer, and calls it well shut in',
    async ({ name, file, content }) => {
      const folder = join(dir, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, file), runnable(content));
      const timer = file.replace('.service', '.timer');
      await writeFile(join(folder, timer), ofKind('.timer').find(each => each.name === name)?.content ?? '');
      const analyze = (...args: string[]) =>
        execFileSync('bash', ['-c', 'systemd-analyze "$@" 2>&1', 'bash', ...args], {
          cwd: folder,
          encoding: 'utf8',
        });
      expect(analyze('verify', '--man=no', `./${file}`, `./${timer}`)).toBe('');
      const [, exposure] =
        /exposure level for \S+: ([\d.]+)/.exec(analyze('security', '--offline=true', `./${file}`)) ?? [];
      expect(Number(exposure)).toBeLessThanOrEqual(1.4);
    },
  );

  it.each([
    '0 2 * * *',
    '*/15 * * * *',
    '5 1-3,22 * * *',
    '0 0 1,15 * *',
    '30 4 * * 1-5',
    '30 4 * * sun,Wed',
    '0 3 */2 * *',
    '0 3 13 * fri',
    '0 3 */2 * 1',
    '0 3 1-7 * */2',
    '0 0 29 feb *',
    '59 23 31 12 7',
    '10-50/20 */6 * jan-mar/2 0',
  ])('runs at the minutes that cron runs at: %s', schedule => {
    const expected: string[] = [];
    for (const time of cronMinutes(schedule)) if (expected.push(time) === 8) break;
    const found = calendarOf(schedule).flatMap(calendar =>
      [
        ...execFileSync(
          'systemd-analyze',
          ['calendar', '--base-time=2026-01-01 00:00:00 UTC', '--iterations=40', calendar],
          { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } },
        ).matchAll(/(?:Next elapse|Iter(?:ation|\.) #\d+): \w+ (\S+ \S+) UTC/g),
      ].map(([, time = '']) => time.slice(0, 16)),
    );
    expect([...new Set(found)].sort().slice(0, expected.length)).toEqual(expected);
  });
});

const NAMES: Readonly<Record<number, readonly string[]>> = {
  3: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  4: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

/** As cron itself decides it, minute by minute. */
function* cronMinutes(schedule: string): Generator<string> {
  const fields = schedule.split(' ');
  const [, , day = '', , weekday = ''] = fields;
  for (let time = Date.UTC(2026, 0, 1, 0, 1); time < Date.UTC(2029, 0, 1); time += 60_000) {
    const at = new Date(time);
    const now = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
    const fits = (i: number) =>
      matches(fields[i] ?? '', now[i] ?? -1, i) || (i === 4 && now[4] === 0 && matches(weekday, 7, 4));
    const days = day.startsWith('*') || weekday.startsWith('*') ? fits(2) && fits(4) : fits(2) || fits(4);
    if (fits(3) && days && fits(1) && fits(0)) yield at.toISOString().slice(0, 16).replace('T', ' ');
  }
}

function matches(field: string, value: number, position: number): boolean {
  const numberOf = (text: string) =>
    /\d/.test(text) ? Number(text) : (NAMES[position]?.indexOf(text.toLowerCase()) ?? -1);
  return field.split(',').some(part => {
    const [range = '', step = '1'] = part.split('/');
    const lowest = position === 2 || position === 3 ? 1 : 0;
    const [first = lowest, last = first] = range === '*' ? [lowest, 99] : range.split('-').map(numberOf);
    return value >= first && value <= last && (value - first) % Number(step) === 0;
  });
}

describe.runIf(hasCron)('cron', () => {
  it.each(ofKind('.cron'))(
    'runs the job of $name with its account, its lock and its log',
    async ({ name, content }) => {
      const folder = join(dir, `cron ${name}`);
      await mkdir(folder);
      // At once, as root, and with what it would call replaced: what is left is the line itself.
      const job = content.replace(/^[\d*]\S* (?:\S+ ){4}\S+ /m, '@reboot root export OUT="$OUT_FOLDER"; ');
      await writeFile(
        join(folder, 'job'),
        `OUT_FOLDER="${folder}"\n${job.replace(/^PATH=/m, `PATH=${folder}/bin:`)}`,
      );
      await mkdir(join(folder, 'bin'));
      for (const command of ['flock', 'logger'])
        await writeFile(
          join(folder, 'bin', command),
          `#!/bin/bash\nprintf '%s\\0' "$@" >"$OUT/${command}.part"; cat >/dev/null; mv "$OUT/${command}.part" "$OUT/${command}"\n`,
          { mode: 0o755 },
        );
      execFileSync('unshare', ['--mount', 'bash', '-c', CRON, 'cron', folder], { stdio: 'ignore' });
      const words = async (command: string) =>
        (await readFile(join(folder, command), 'utf8')).split('\0').slice(0, -1);
      const model = cases.find(each => each.name === name)?.model;
      const plan = model && backupOf(model);
      expect(await words('flock')).toEqual([
        '--nonblock',
        `${plan?.state}/cron.lock`,
        `${plan?.scripts}/backup.sh`,
      ]);
      expect(await words('logger')).toEqual(['--tag', plan?.unit]);
      expect(content).toMatch(new RegExp(`^[\\d*]\\S* (?:\\S+ ){4}${plan?.account} `, 'm'));
    },
  );
});

/** cron in a mount namespace of its own, where nothing is its business but this file; @reboot jobs run at once. */
const CRON = `
set -e
for dir in /etc/cron.d /run /var/spool/cron; do mkdir -p $dir && mount -t tmpfs tmpfs $dir; done
mount --bind /dev/null /etc/crontab
install -m 644 "$1/job" /etc/cron.d/job
cron -f &
cron=$!
for _ in $(seq 600); do sleep 0.1; [ -e "$1/logger" ] && [ -e "$1/flock" ] && break; done
kill $cron
`;
