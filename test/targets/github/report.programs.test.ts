import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type Answer, type Runner, runner } from './runner.ts';

let on: Runner;

describe('report.sh', () => {
  const WEBHOOK = 'https://hooks.example.com/services/secret-part';
  const facts = {
    ACTION: 'deploy',
    WHERE: 'Kubernetes, staging',
    STATUS: 'success',
    RELEASE: 'v1.2.3',
    IMAGES: JSON.stringify({ tag: 'v1.2.3', 'image-api': 'ghcr.io/acme/chatbot@sha256:1' }),
    BACK: 'skipped',
    WEBHOOK,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/chatbot',
    GITHUB_RUN_ID: '7',
    GITHUB_SHA: '0123456789abcdef',
    GITHUB_ACTOR: 'o\'neil "x"',
  };
  const steps = [{ title: 'apply a|b', status: 'done', durationMs: 1250 }];
  const ended = (outcome: string, cause: string | null = null, more: object = {}) => ({
    version: 1,
    platform: 'kubernetes',
    release: 'v1.2.3+2',
    outcome,
    steps,
    cause,
    details: [],
    ...more,
  });
  const refused = (message: string) => ({ version: 1, error: { exitCode: 2, problems: [{ message }] } });

  beforeEach(async () => {
    on = await runner('full');
    await on.standIn(
      'curl',
      '#!/bin/bash\nprintf "%s\\n" "$@" >"$SENT.words"\ncat >"$SENT.body"\nwhile [ "$1" != --config ]; do shift; done\ncat "$2" >"$SENT.config"\nexit "${CURL:-0}"\n',
    );
  });

  /** What report.sh says of an ending; of none where the command came to write none. */
  async function report(ending: object | undefined, env: Record<string, string>): Promise<Answer> {
    const file = join(on.programs, 'ending.json');
    if (ending) await writeFile(file, JSON.stringify(ending));
    return on.run('.github/scripts/report.sh', [file], { ...facts, SENT: join(on.programs, 'sent'), ...env });
  }
  const summary = () => readFile(join(on.programs, 'summary'), 'utf8');
  const sent = async () => JSON.parse(await readFile(join(on.programs, 'sent.body'), 'utf8')).text as string;

  const crash = 'Deployment chatbot: the container ends with 1';
  const back = { details: ['going back to v1.2.2: Deployment chatbot: 0 of 2 are ready'] };
  const way = 'nothing was changed: it runs migrations';
  test.each<[string, object | undefined, Record<string, string>, string, string]>([
    ['verified', ended('verified'), {}, 'Deployed to Kubernetes, staging: v1.2.3+2', ''],
    [
      'taken back',
      ended('rolled-back', crash),
      { STATUS: 'failure' },
      'Rolled back: Kubernetes, staging: v1.2.3+2 failed, and what served before serves again',
      crash,
    ],
    [
      'failed, with nothing before it',
      ended('failed', crash),
      { STATUS: 'failure' },
      'Failed: deploy, Kubernetes, staging: v1.2.3+2',
      crash,
    ],
    [
      'failed on the way back too',
      ended('failed', crash, back),
      { STATUS: 'failure' },
      'BROKEN: Kubernetes, staging: v1.2.3+2 failed, and so did going back',
      crash,
    ],
    [
      'not well made',
      ended('failed', crash, { steps: [] }),
      { STATUS: 'failure' },
      'Not deployed to Kubernetes, staging: v1.2.3+2; nothing was changed',
      crash,
    ],
    [
      'refused',
      refused(way),
      { STATUS: 'failure' },
      'Not deployed to Kubernetes, staging: v1.2.3; nothing was changed',
      way,
    ],
    [
      'out of reach',
      ended('unverified', 'the cluster does not answer'),
      { STATUS: 'failure' },
      'Unfinished: deploy, Kubernetes, staging: v1.2.3+2; running it again finishes it',
      'the cluster does not answer',
    ],
    [
      'cancelled, and gone back from',
      ended('unverified', 'interrupted at: wait'),
      { STATUS: 'cancelled', BACK: 'success' },
      'Rolled back: Kubernetes, staging: v1.2.3+2 did not get through, and what served before serves again',
      'interrupted at: wait',
    ],
    [
      'cancelled, and not gone back from',
      ended('unverified', 'interrupted at: wait'),
      { STATUS: 'cancelled', BACK: 'failure' },
      'BROKEN: Kubernetes, staging: v1.2.3+2 did not get through, and neither did going back',
      'interrupted at: wait',
    ],
    [
      'cancelled at its end',
      ended('verified'),
      { STATUS: 'cancelled' },
      'Deployed to Kubernetes, staging: v1.2.3+2',
      '',
    ],
    [
      'cancelled before it began',
      undefined,
      { STATUS: 'cancelled', BACK: '' },
      'Cancelled: deploy, Kubernetes, staging: v1.2.3',
      '',
    ],
    [
      'without a word',
      undefined,
      { STATUS: 'failure', BACK: '' },
      'Failed: deploy, Kubernetes, staging: v1.2.3',
      '',
    ],
    [
      'out of reach before it began',
      { version: 1, error: { exitCode: 3, problems: [{ message: 'no answer' }] } },
      { STATUS: 'failure', BACK: '' },
      'Failed: deploy, Kubernetes, staging: v1.2.3',
      'no answer',
    ],
    [
      'cancelled between the record and the deploy',
      { version: 1, releases: [{ id: 'v1' }] },
      { STATUS: 'cancelled', BACK: '' },
      'Cancelled: deploy, Kubernetes, staging: v1.2.3',
      '',
    ],
    ['by a script', undefined, {}, 'Deployed to Kubernetes, staging: v1.2.3', ''],
    [
      'by a script, and back',
      undefined,
      { STATUS: 'failure', BACK: 'success' },
      'Rolled back: Kubernetes, staging: v1.2.3 did not get through, and what served before serves again',
      '',
    ],
    [
      'back, verified',
      ended('verified'),
      { ACTION: 'rollback', RELEASE: '', IMAGES: '', BACK: '' },
      'Rolled back to Kubernetes, staging: v1.2.3+2',
      '',
    ],
    [
      'back, failed',
      ended('failed', crash),
      { ACTION: 'rollback', STATUS: 'failure' },
      'Failed: rollback, Kubernetes, staging: v1.2.3+2',
      crash,
    ],
    [
      'back, refused',
      refused('there is no verified release'),
      { ACTION: 'rollback', RELEASE: '', STATUS: 'failure' },
      'Not rolled back to Kubernetes, staging: the last verified release; nothing was changed',
      'there is no verified release',
    ],
  ])('%s', async (_, ending, env, headline, cause) => {
    const { code, stdout, stderr } = await report(ending, env);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(cause && `::error::${headline}: ${cause}\n`);
    const [first, ...lines] = (await summary()).split('\n');
    expect(first).toBe(`### ${headline}`);
    if (cause) expect(lines.slice(1, 3)).toEqual(['~~~text', cause]);
    expect(await sent()).toBe(
      `${headline}\n${cause && `${cause}\n`}commit 0123456789ab by o'neil "x", https://github.com/acme/chatbot/actions/runs/7`,
    );
  });

  it('tells the images, the steps, and what is known beside the cause', async () => {
    await report(ended('failed', crash, back), { STATUS: 'failure' });
    expect(await summary()).toBe(
      `### BROKEN: Kubernetes, staging: v1.2.3+2 failed, and so did going back\n\n~~~text\n${crash}\n${back.details[0]}\n~~~\n\n` +
        '| Image, by its digest |\n|---|\n| ghcr.io/acme/chatbot@sha256:1 |\n\n' +
        '| Step | | Seconds |\n|---|---|---|\n| apply a\\|b | done | 1.25 |\n',
    );
  });

  it('lets a program’s own words be no command of GitHub, and nobody’s name in Slack', async () => {
    const { stdout } = await report(ended('failed', '<!channel> 100% & more\n::stop-commands::x'), {});
    expect(stdout).toMatch(/: <!channel> 100%25 & more%0A::stop-commands::x\n$/);
    expect(await sent()).toContain('&lt;!channel&gt; 100% &amp; more');
  });

  it('keeps the webhook out of sight', async () => {
    await report(ended('verified'), {});
    expect(await readFile(join(on.programs, 'sent.words'), 'utf8')).not.toContain('secret-part');
    expect(await readFile(join(on.programs, 'sent.config'), 'utf8')).toBe(`url = "${WEBHOOK}"\n`);
  });

  it('tells nobody without a webhook, and a Slack that is away fails no deploy', async () => {
    const quiet = await report(undefined, { WEBHOOK: '' });
    expect([quiet.code, (await on.run('ls', [join(on.programs, 'sent.body')])).code]).toEqual([0, 2]);
    const away = await report(undefined, { CURL: '22' });
    expect([away.code, away.stdout]).toEqual([0, '::warning::Slack could not be told\n']);
  });
});
