import { describe, expect, test } from 'vitest';
import { interpolated, interpolation } from '../../src/render/engine.ts';
import { environmentFileText } from '../../src/render/escape/environment-file.ts';
import { systemdWord } from '../../src/render/escape/systemd.ts';
import { calendarOf } from '../../src/targets/calendar.ts';
import { renderOnce } from './sample.ts';

const unit = (line: string, view: object): string => renderOnce('t/a.service', line, view).trimEnd();

describe('a unit', () => {
  test.each([
    ['plain-1.2/x', 'plain-1.2/x'],
    ['', '""'],
    ['a b', '"a b"'],
    ['100%', '"100%%"'],
    ['say "hi" \\ $HOME', '"say \\"hi\\" \\\\ $HOME"'],
    ['two\nlines\t\u0001', '"two\\nlines\\t\\x01"'],
    [';', '";"'],
  ])('says %j as one word', (text, word) => {
    expect(systemdWord(text)).toBe(word);
    expect(unit('Environment={{a}}', { a: text })).toBe(`Environment=${word}`);
  });

  test.each([
    ['WorkingDirectory={{a}}', "/opt/it's 100% here", "WorkingDirectory=/opt/it's 100%% here"],
    ['EnvironmentFile=-{{a}}', '/etc/with space', 'EnvironmentFile=-/etc/with space'],
    ['ReadWritePaths={{a}}', '/var/lib/with space', 'ReadWritePaths="/var/lib/with space"'],
    ['Environment=HOME=%C/{{a}}', 'chat', 'Environment=HOME=%C/chat'],
    ['# {{a}}', '100%', '# 100%'],
  ])('%s', (line, value, expected) => {
    expect(unit(line, { a: value })).toBe(expected);
  });

  test('leaves a command alone, or expands what is meant and nothing else', () => {
    const line = 'ExecStart={{command words}}';
    expect(unit(line, { words: ['/a $b/c', '$HOME', '%h'] })).toBe('ExecStart=:"/a $b/c" "$HOME" "%%h"');
    const tag = interpolated`--tag=${interpolation('${AIDEPLOY_TAG}')} $x`;
    expect(unit(line, { words: ['/a $b/c', tag, '$HOME'] })).toBe(
      'ExecStart="/a $b/c" "--tag=${AIDEPLOY_TAG} $$x" "$$HOME"',
    );
    expect(unit(line, { words: ["/it's", 'x'] })).toBe(
      'ExecStart=:/bin/sh -c "exec \\"$0\\" \\"$@\\"" "/it\'s" x',
    );
  });

  test.each([
    ['Environment={{a}}', 'a\0', 'NUL'],
    ['Environment={{a}}', '\uffff', 'no characters'],
    ['WorkingDirectory={{a}}', '/a\nUser=root', 'control characters'],
    ['WorkingDirectory={{a}}', '/a\\', 'backslash at its end'],
    ['WorkingDirectory={{a}}', '/a ', 'blanks around'],
    ['Environment=HOME=%C/{{a}}', 'a b', 'middle of a word'],
  ])('%s refuses %j', (line, value, reason) => {
    expect(() => unit(line, { a: value })).toThrow(reason);
  });
});

test.each([
  ['plain', 'plain'],
  ['a b', 'a b'],
  ['"$`\\', '\\"\\$\\`\\\\'],
  ['two\nlines', 'two\nlines'],
])('an environment file says %j between quotes', (text, value) => {
  expect(environmentFileText(text)).toBe(value);
});

test.each([
  ['0 2 * * *', ['*-*-* 02:00:00']],
  ['*/15 3-5 * * *', ['*-*-* 03,04,05:00,15,30,45:00']],
  ['0 0 1 jan *', ['*-01-01 00:00:00']],
  ['30 4 * * 1-5', ['Mon,Tue,Wed,Thu,Fri *-*-* 04:30:00']],
  ['0 0 * * 0,7', ['Sun *-*-* 00:00:00']],
  ['0 0 13 * fri', ['*-*-13 00:00:00', 'Fri *-*-* 00:00:00']],
  ['0 0 */2 * 1', ['Mon *-*-01,03,05,07,09,11,13,15,17,19,21,23,25,27,29,31 00:00:00']],
  ['5/20 * * * *', ['*-*-* *:05,25,45:00']],
  ['@hourly', ['*-*-* *:00:00']],
])('cron %s is the timer %j', (schedule, calendar) => {
  expect(calendarOf(schedule)).toEqual(calendar);
});
