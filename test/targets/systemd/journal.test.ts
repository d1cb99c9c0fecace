/** What the scripts of a host find in the journal about a program that did not start. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const script = readFileSync(
  new URL('../../../examples/go-postgres/deploy/systemd/deploy.sh', import.meta.url),
  'utf8',
);
const FUNCTIONS = script.slice(script.indexOf('# log_file UNIT'), script.indexOf('# show_log UNIT'));

interface Line {
  readonly run?: string;
  readonly text: string;
}

/** Beside a journal that has these lines. */
function said(lines: readonly Line[], former: string): string {
  const entries = lines.map(
    ({ run, text }) => `${run === undefined ? '' : `_SYSTEMD_INVOCATION_ID=${run}\n`}MESSAGE=${text}\n`,
  );
  const journal = `journalctl() { case $1 in --sync) ;; *) printf '%s' "$JOURNAL" ;; esac; }`;
  return execFileSync(
    'bash',
    ['-euc', `units=/nowhere\n${journal}\n${FUNCTIONS}\nsaid a.service cursor "$1"`, 'bash', former],
    {
      encoding: 'utf8',
      env: { ...process.env, JOURNAL: entries.map(entry => `${entry}\n`).join('') },
    },
  ).trim();
}

const OLD = { run: 'a', text: 'level=error msg="the model is gone"' };

test.each<[string, readonly Line[], string, string]>([
  [
    'the line that tells most',
    [
      { run: 'b', text: 'panic: no key' },
      { run: 'b', text: 'goroutine 1' },
    ],
    'a',
    'panic: no key',
  ],
  ['nothing of the run before', [OLD, { run: 'b', text: 'no room' }], 'a', 'no room'],
  [
    'a line that came when its run was over, after another',
    [OLD, { text: 'no password' }],
    'a',
    'no password',
  ],
  [
    'a line that came when its run was over, and the one before it is forgotten',
    [{ text: 'no password' }],
    '',
    'no password',
  ],
])('%s', (_, lines, former, line) => {
  expect(said(lines, former)).toBe(`; it said last: ${line}`);
});

test('nothing where there is no line', () => {
  expect(said([OLD], 'a')).toBe('');
});
