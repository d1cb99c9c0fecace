import { describe, expect, test } from 'vitest';
import { interpolation, mixed } from '../../src/render/engine.ts';
import { cmdAssignment, cmdWord } from '../../src/render/escape/cmd.ts';
import { renderOnce } from './sample.ts';

/** What cmd itself makes of them is asked in test/platforms/windows.test.ts. */
describe('a word', () => {
  test.each([
    ['two words', '"two words"'],
    ['', '""'],
    ['100% of %PATH%', '"100%% of %%PATH%%"'],
    ['a & b | c', '"a & b | c"'],
    ['C:\\dir\\', '"C:\\dir\\\\"'],
    ['say "hi" & !go!', '^"say \\^"hi\\^" ^& ^!go^!^"'],
    ['back\\"slash', '^"back\\\\\\^"slash^"'],
  ])('%s', (text, written) => {
    expect(cmdWord(text)).toBe(written);
  });

  test('a line end, NUL or Ctrl-Z is refused, without saying the text', () => {
    for (const end of ['\n', '\r', '\0', '\u001a'])
      expect(() => cmdWord(`secret${end}`)).toThrow('cmd cannot say a text of 7 characters');
  });
});

test('an assignment has its quotes around the name too', () => {
  expect(cmdAssignment('A', 'b & c')).toBe('"A=b & c"');
});

test('places: comments, words, between quotes, messages, variables of the script', () => {
  const value = { d: 'C:\\a b', n: 'x%y', t: mixed(['v=', interpolation('${TAG}'), ' "q"']) };
  const text = renderOnce('t/a.cmd', 'rem {{n}}\nrun {{d}} "%A%\\x{{n}}" {{t}}\necho {{n}}\n', value);
  expect(text).toBe('rem x%y\r\nrun "C:\\a b" "%A%\\xx%%y" ^"v=%TAG% \\^"q\\^"^"\r\necho "x%%y"\r\n');
  expect(() => renderOnce('t/a.cmd', 'run "{{d}}"\n', { d: 'a"b' })).toThrow('it can hold no quote');
});
