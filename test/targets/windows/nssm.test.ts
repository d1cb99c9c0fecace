import { describe, expect, test } from 'vitest';
import { cmdWord } from '../../../src/render/escape/cmd.ts';
import { nssmSettings } from '../../../src/targets/windows/nssm.ts';

const settings = (known: Parameters<typeof nssmSettings>[1], words: string[] = []) =>
  nssmSettings({ program: 'a.exe', inRelease: true, words: words.map(word => [word]) }, known);
const variables = (texts: readonly string[]) => texts.map((text, i) => ({ name: `A${i}`, value: [text] }));

/** What a program sees of them is asked in test/platforms/windows-service.test.ts. */
describe('variables', () => {
  test('without a value are said twice, since NSSM passes over what follows one', () => {
    expect(settings(variables(['', 'b'])).environment).toEqual(['AIDEPLOY_PERCENT=%', 'A0=', 'A0=', 'A1=b']);
  });

  test('that one line of cmd does not hold are left to environment.ps1', () => {
    // Short as they are, a caret before each character makes them long.
    const all = variables(Array.from({ length: 120 }, () => '"&'.repeat(20)));
    const { environment, texts } = settings(all);
    const line = environment.map(each => `  ${cmdWord(String(each))} ^\r\n`).join('');
    expect(line.length).toBeLessThan(8_191);
    expect([...environment.slice(1), ...texts].sort()).toEqual(
      all.map(({ name, value }) => `${name}=${value}`).sort(),
    );
    expect(texts.length).toBeGreaterThan(10);
  });

  test('of several lines too, and no others', () => {
    expect(settings(variables(['', 'b\nc', 'd'])).texts).toEqual(['A1=b\nc']);
  });

  test('longer than Windows holds are refused, without saying them', () => {
    expect(() => settings(variables(['x'.repeat(32_767)]))).toThrow('Windows holds 32767 characters');
  });
});

describe('arguments', () => {
  test('that one line of cmd does not hold are left to environment.ps1', () => {
    expect(settings([], ['x'.repeat(100)]).textParameters).toBeUndefined();
    expect(settings([], ['x'.repeat(9_000)])).toMatchObject({
      parameters: '',
      textParameters: `"${'x'.repeat(9_000)}"`,
    });
  });

  test('longer than NSSM reads are refused', () => {
    expect(() => settings([], ['x'.repeat(17_000)])).toThrow('NSSM reads 16000 characters');
  });
});
