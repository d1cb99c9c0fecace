import { expect, it } from 'vitest';
import { aideploy, project, read } from './run.ts';

it('the demo shows the tour with the real commands', { timeout: 120_000 }, async () => {
  const folder = await project();
  const answer = await aideploy(['demo', '--format', 'json'], { cwd: folder, env: { TMPDIR: folder } });
  expect(answer.code, answer.stderr).toBe(0);
  const document = JSON.parse(answer.stdout);
  const steps: { command: string; exitCode: number; output: string }[] = document.steps;
  expect(steps.map(({ command, exitCode }) => `${exitCode} ${command}`)).toEqual([
    '0 aideploy init --yes',
    '0 aideploy render',
    '0 aideploy render',
    '0 aideploy check',
    '0 aideploy deploy process --tag 1.0.0',
    '0 aideploy verify --quiet --report report.html',
    '1 aideploy deploy process --tag 2.0.0',
    '0 aideploy releases --platform process',
  ]);
  expect(steps[6]?.output).toContain('sample-chat ended at its start: Error: no such model');
  expect(steps[7]?.output).toMatch(/2\.0\.0 {2}failed[\s\S]*\* {2}1\.0\.0 {2}verified/);
  expect(await read(document.folder, 'report.html')).toContain('<!doctype html>');
  expect(await read(document.folder, 'compose.yaml')).toContain('# kept by hand');
});

it('it wants a folder of its own', async () => {
  const folder = await project({ 'precious.txt': 'mine' });
  const answer = await aideploy(['demo', '.'], { cwd: folder });
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain('is not empty');
});
