import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cronWord } from '../../src/render/escape/crontab.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

/** A job is one line of at most 999 characters. */
const texts = sampleTexts(runs(300)).filter(text => !/[\r\n]/.test(text) && !/\p{Surrogate}/u.test(text));
const canRun = process.getuid?.() === 0 && existsSync('/usr/sbin/cron');
if (!canRun)
  console.warn('test/render/crontab.programs.test.ts: cron is not asked: it needs root and /usr/sbin/cron');

/** cron in a mount namespace of its own, where nothing is its business but this file; @reboot jobs run at once. */
const CRON = `
set -e
for dir in /etc/cron.d /run /var/spool/cron; do mkdir -p $dir && mount -t tmpfs tmpfs $dir; done
mount --bind /dev/null /etc/crontab
install -m 644 "$1/jobs.cron" /etc/cron.d/jobs
cron -f &
cron=$!
for _ in $(seq 300); do sleep 0.1; [ "$(wc -l <"$1/done" 2>/dev/null)" = "$2" ] && break; done
kill $cron
`;

test.runIf(canRun)('cron and its shell read every text back, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-cron-'));
  try {
    const jobs = Array.from({ length: Math.ceil(texts.length / 4) }, (_, i) => ({
      texts: texts.slice(i * 4, i * 4 + 4),
      out: join(folder, `out ${i} 100%`),
      done: join(folder, 'done'),
      account: 'root',
    }));
    await writeFile(
      join(folder, 'jobs.cron'),
      renderOnce(
        't/jobs.cron',
        "# {{comment}}\nSHELL=/bin/bash\nPATH=/usr/bin:/bin\nMAILTO=''\n{{#each jobs as |job|}}\n@reboot {{job.account}} printf '\\%s\\0'{{#each job.texts}} {{this}}{{/each}} >{{job.out}}; echo >>{{job.done}}\n{{/each}}\n",
        { comment: '100% of it', jobs },
      ),
    );
    execFileSync('unshare', ['--mount', 'bash', '-c', CRON, 'cron', folder, String(jobs.length)], {
      stdio: 'ignore',
    });
    for (const job of jobs)
      expect((await readFile(job.out, 'utf8')).split('\0').slice(0, -1), `job for ${job.out}`).toEqual(
        job.texts,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the schedule is five fields, and the account a name', () => {
  const line = '{{schedule}} {{account}} run {{word}}';
  const write = (view: object) =>
    renderOnce('t/x.cron', line, {
      schedule: ['0', '2', '*', '*', '*'],
      account: 'root',
      word: 'a',
      ...view,
    });
  expect(write({ word: '100%' })).toBe("0 2 * * * root run '100\\%'\n");
  expect(() => write({ schedule: ['0', '2'] })).toThrow('five fields');
  expect(() => write({ schedule: ['0', '2', '*', '*', '*\n* * * * *'] })).toThrow('five fields');
  expect(() => write({ account: 'root sh' })).toThrow('an account is');
  expect(() => write({ word: 'a\nb' })).toThrow('a job is one line');
  expect(() => renderOnce('t/x.cron', 'PATH={{a}}', { a: 'b' })).toThrow('cron expands nothing');
  expect(cronWord('')).toBe("''");
});
