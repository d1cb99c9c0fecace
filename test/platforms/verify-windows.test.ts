/** `verify --platform windows` against the service manager of Wine, and a service of the real NSSM. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { look, told } from '../verify/look.ts';
import { DIR, ends, render, until } from './windows.ts';
import { Wine } from './wine.ts';

const RELEASE = `${DIR}\\releases\\alone`;
const CONFIG = parse(
  readFileSync(fileURLToPath(new URL('fixtures/windows/agent/aideploy.yaml', import.meta.url)), 'utf8'),
) as object;

let wine: Wine;
let folder: string;
const service = (...args: string[]) => wine.script(`${RELEASE}\\windows\\service.cmd`, args);
const nssm = (...args: string[]) => wine.run(`${DIR}\\nssm\\nssm.exe`, ...args);
const ask = async () =>
  told(await look({ config: CONFIG, flags: { platform: 'windows' }, only: ['windows-service'] }))[
    'windows-service/agent'
  ];

beforeAll(async () => {
  wine = new Wine();
  wine.copy('nssm', `${DIR}\\nssm\\nssm.exe`);
  wine.copy('server', `${RELEASE}\\bin\\server.exe`);
  wine.write(`${DIR}\\config\\agent.env`, 'SPARE=\r\nAPI_KEY=last\r\n');
  wine.place(`${RELEASE}\\windows`, render());
  // What Windows has in its PATH: a program of Wine that this machine can start.
  folder = mkdtempSync(join(tmpdir(), 'aideploy-sc-'));
  const script = fileURLToPath(new URL('wine', import.meta.url));
  writeFileSync(
    join(folder, 'sc.exe'),
    `#!/bin/sh\nWINE_PREFIX=${wine.prefix} exec ${script} run 'C:\\standins\\sc.exe' "$@"\n`,
  );
  chmodSync(join(folder, 'sc.exe'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
});
afterAll(() => {
  wine.close();
  rmSync(folder, { recursive: true });
});

it('fails where no service is installed', async () => {
  expect(await ask()).toMatch(/^fail: there is no service agent/);
});

it('fails while it is stopped, passes when it runs, and fails where Windows would not start it', async () => {
  ends(await service('configure', 'alone'), 0, '');
  expect(await ask()).toMatch(/^fail: agent is STOPPED/);
  ends(await service('start'), 0, '');
  expect(await until(async () => (await ask()) === 'pass', 60), await ask()).toBe(true);
  await nssm('set', 'agent', 'Start', 'SERVICE_DEMAND_START');
  expect(await ask()).toMatch(/^fail: agent runs, but does not start with Windows/);
  await nssm('set', 'agent', 'Start', 'SERVICE_AUTO_START');
  ends(await service('stop'), 0, '');
  expect(await ask()).toMatch(/^fail: agent is STOPPED/);
});
