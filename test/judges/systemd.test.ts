/** Each unit that is rendered for a golden case, before systemd-analyze: its syntax, its exposure, its timers. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import { createEngine } from '../../src/render/engine.ts';
import { systemd } from '../../src/targets/systemd/index.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';

/** 1.2 was reached by hand for a program of Go. */
const MOST_EXPOSED = 1.4;

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('systemd')]
  .filter(({ model }) => systemd.applies(model))
  .map(({ name, model }) => ({ name, model, artifacts: systemd.render(model, engine) }));

const there = spawnSync('systemd-analyze', ['--version']).status === 0;
/** As for every judge: one that is missing is an error unless it is said that it may be. */
const allowed = process.env['AIDEPLOY_ALLOW_MISSING_JUDGES'] === '1';

function analyze(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'aideploy-units-'));
  for (const { name, artifacts } of cases) for (const artifact of artifacts) write(name, artifact);
});
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, { path, content }: Artifact): void {
  const file = join(dir, name, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  // A template unit is judged as its first instance.
  if (file.endsWith('@.service')) writeFileSync(file.replace('@.service', '@1.service'), content);
}

const units = cases.flatMap(({ name, model, artifacts }) =>
  artifacts
    .filter(({ path }) => path.endsWith('.service'))
    .map(({ path }) => ({
      unit: `${name}/${path.replace('@.service', '@1.service')}`,
      version: model.targets.systemd?.version ?? 0,
    })),
);

describe.runIf(there || !allowed)('systemd-analyze', () => {
  it('is here', () => expect(there).toBe(true));

  it.each(units)('finds nothing in $unit', ({ unit, version }) => {
    const { output } = analyze('verify', '--man=no', join(dir, unit));
    const said = output
      .split('\n')
      .filter(line => line.includes(`${basename(unit)}:`))
      // No release is here, and a unit for a later systemd knows settings that this one may not know.
      .filter(line => !line.includes('is not executable'))
      .filter(line => version < 254 || !/Unknown key name '?Restart|Unknown key 'Restart/.test(line));
    expect(said).toEqual([]);
  });

  it.each(units)('calls $unit well contained', ({ unit }) => {
    const { output } = analyze('security', '--offline=true', '--no-pager', join(dir, unit));
    const exposure = Number(/exposure level for .*: ([\d.]+)/.exec(output)?.[1]);
    expect(exposure, output).toBeGreaterThan(0);
    expect(exposure, output).toBeLessThanOrEqual(MOST_EXPOSED);
  });

  it('reads every timer', () => {
    const lines = cases
      .flatMap(({ artifacts }) => artifacts.filter(({ path }) => path.endsWith('.timer')))
      .flatMap(({ content }) => [...content.matchAll(/^OnCalendar=(.*)$/gm)].map(([, line = '']) => line));
    expect(lines.length).toBeGreaterThan(2);
    const { status, output } = analyze('calendar', ...lines);
    expect(status, output).toBe(0);
  });
});
