import { expect, it } from 'vitest';
import { aideploy, project, read } from './run.ts';

it('the demo shows the tour with the real commands, in less than 20 seconds', async () => {
  const folder = await project();
  const started = performance.now();
  const answer = await aideploy(['demo', '--format', 'json'], { cwd: folder, env: { TMPDIR: folder } });
  expect(answer.code, answer.stderr).toBe(0);
  expect(performance.now() - started).toBeLessThan(20_000);
  const document = JSON.parse(answer.stdout);
  expect(document.steps.map((step: { command: string }) => step.command)).toEqual([
    'aideploy init --yes',
    'aideploy render',
    'aideploy render --dry-run',
    'aideploy render',
    'aideploy render --check',
  ]);
  expect(document.observations.every((observation: { ok: boolean }) => observation.ok)).toBe(true);
  expect(await read(document.folder, 'compose.yaml')).toContain('# kept by hand');
});

it('it wants a folder of its own', async () => {
  const folder = await project({ 'precious.txt': 'mine' });
  const answer = await aideploy(['demo', '.'], { cwd: folder });
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain('is not empty');
});
