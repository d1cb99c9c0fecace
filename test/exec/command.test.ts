import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Command, command, redact, shellLine } from '../../src/exec/command.ts';
import { SEED } from '../render/runs.ts';

test.each<[Command, string]>([
  [
    command('docker', 'compose', '-f', 'compose.yaml', 'up', '--wait'),
    'docker compose -f compose.yaml up --wait',
  ],
  [command('echo', 'a b', "it's", '', '$HOME', '~', '=x'), `echo 'a b' 'it'\\''s' '' '$HOME' '~' '=x'`],
  [command('echo', 'two\nlines', 'a\tb\u001b[31m'), `echo $'two\\nlines' $'a\\tb\\033[31m'`],
  [command('A=1', 'x'), `'A=1' x`],
  [
    { program: 'go', args: ['build'], env: { CGO_ENABLED: '0', X: 'a b' }, cwd: 'my app' },
    `(cd 'my app' && CGO_ENABLED=0 X='a b' go build)`,
  ],
  [{ program: 'psql', args: ['-f', '-'], stdin: 'select 1' }, 'psql -f -  # with 8 bytes on its input'],
  [
    { program: 'psql', args: ['postgres://u:pa$$@db/x'], env: { PGPASSWORD: 'pa$$' }, secrets: ['pa$$'] },
    `PGPASSWORD='***' psql 'postgres://u:***@db/x'`,
  ],
])('%# is shown as a shell reads it', (given, shown) => {
  expect(shellLine(given)).toBe(shown);
});

test('a secret that holds another goes whole, and an empty one hides nothing', () => {
  expect(redact('key=abcdef', ['abc', 'abcdef', ''])).toBe('key=***');
});

test('any arguments come back from bash as they were, on one line', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 20 })
    .filter(s => Buffer.from(s).toString() === s && !s.includes('\0'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), args => {
      const line = shellLine(command('printf', '%s\\0', ...args));
      expect(line).not.toContain('\n');
      const seen = execFileSync('bash', ['-c', line], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect(seen.split('\0').slice(0, -1)).toEqual(args);
    }),
    { seed: SEED, numRuns: process.env['AIDEPLOY_DEEP'] ? 2_000 : 60 },
  );
});
