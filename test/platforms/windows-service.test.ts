/** One service of service.cmd on Wine with the real NSSM: its variables byte for byte, and its stop. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../render/runs.ts';
import { answer, DIR, ends, render, until } from './windows.ts';
import { Wine } from './wine.ts';

/** Texts of one line, most of their characters such that cmd, NSSM or a program's start code takes for something else. */
const lineText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'"%^&|<>!\\ =()\t\'`,;aA1'), maxLength: 16 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '%', 'PATH', '%TEMP%', '^', ' '), maxLength: 8 }),
  fc.string({ maxLength: 24 }),
);

let wine: Wine;
const RELEASE = `${DIR}\\releases\\alone`;
const service = (...args: string[]) => wine.script(`${RELEASE}\\windows\\service.cmd`, args);
const configure = async (variables: Readonly<Record<string, string>>, drain = '6s') => {
  const lines = Object.entries(variables).map(
    ([name, value]) => `      ${name}: ${JSON.stringify(value.replaceAll('${', () => '$${'))}\n`,
  );
  wine.place(
    `${RELEASE}\\windows`,
    render(text =>
      text.replace('drain: 6s', `drain: ${drain}`).replace(/ {6}DRAIN_MS: .*\n/, () => lines.join('')),
    ),
  );
  ends(await service('configure', 'alone'), 0, '');
};

beforeAll(() => {
  wine = new Wine();
  wine.copy('nssm', `${DIR}\\nssm\\nssm.exe`);
  wine.copy('server', `${RELEASE}\\bin\\server.exe`);
  wine.write(`${DIR}\\config\\agent.env`, 'SPARE=\r\nAPI_KEY=last\r\n');
});
afterAll(() => wine.close());

/** What the program says of its environment, once it has said everything. */
const seen = async () => {
  wine.write('C:\\seen.txt', '');
  await wine.run(`${DIR}\\nssm\\nssm.exe`, 'start', 'agent');
  await until(() => /--environment--.*\0\0$/s.test(wine.read('C:\\seen.txt')), 60);
  // A service that is starting refuses to stop.
  await until(
    async () => (await wine.run('C:\\standins\\sc.exe', 'query', 'agent')).output.includes('RUNNING'),
    60,
  );
  const all = wine.read('C:\\seen.txt').split('\0');
  ends(await service('stop'), 0, '');
  return new Set(all.slice(all.indexOf('--environment--')));
};

test('a program sees arbitrary variables byte for byte, through cmd and NSSM', async () => {
  const { seed, numRuns } = runs(120);
  const texts = fc.sample(lineText, { seed, numRuns });
  const wrong: string[] = [];
  for (let i = 0; i < texts.length; i += 120) {
    const variables = {
      ...Object.fromEntries(texts.slice(i, i + 120).map((text, j) => [`TEXT_${j}`, text])),
      // More than a line of cmd holds, and what no line can say.
      LONG: `${'"& <\'A>\\'.repeat(1_000)}100% %A%`,
      LINES: "it's\n\n100%\r\n",
      EMPTY: '',
    };
    await configure(variables);
    const found = await seen();
    wrong.push(
      ...Object.entries({ ...variables, SPARE: '', API_KEY: 'last' })
        .map(([name, text]) => `${name}=${text}`)
        .filter(variable => !found.has(variable)),
    );
  }
  expect(wrong, `AIDEPLOY_SEED=${seed}`).toEqual([]);
});

test('a program that does not listen is ended by force, when its budget is over', async () => {
  await configure({ DEAF: '1' }, '2s');
  const budget = Number(
    /AppStopMethodConsole "(\d+)"/.exec(wine.read(`${RELEASE}\\windows\\service.cmd`))?.[1],
  );
  ends(await service('start'), 0, '');
  const before = Date.now();
  ends(await service('stop'), 0, '');
  const lasted = Date.now() - before;
  expect(await answer().catch(() => 'gone')).toBe('gone');
  expect(lasted).toBeGreaterThanOrEqual(budget);
  // Window and threads are asked for 1.5 s each; the rest is for a busy machine.
  expect(lasted).toBeLessThan(budget + 20_000);
});
