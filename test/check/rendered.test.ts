import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examine } from '../../src/check/check.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { runRules } from '../../src/check/run.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { written } from './cases.ts';

const engine = await createEngine();
const folder = mkdtempSync(join(tmpdir(), 'aideploy-check-'));
/** The fixtures name versions and models of their time, which end at theirs. */
const TODAY = '2025-07-31';
afterAll(() => rmSync(folder, { recursive: true }));

/** What is rendered is well made: a finding on it is a defect of the rule, or of the rendering. */
describe('everything that is rendered, each configuration with all its targets together', () => {
  const cases = [...FIXTURE_CASES, ...TARGETS.flatMap(target => ownCases(target.id))];

  test.each(cases.map((each, i) => ({ ...each, i })))('$name', async ({ model, file, i }) => {
    const root = join(folder, String(i));
    mkdirSync(root);
    copyFileSync(file, join(root, 'aideploy.yaml'));
    for (const { path, content, mode } of renderArtifacts(
      model,
      TARGETS.filter(target => target.applies(model)),
      engine,
    )) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content, { mode: mode ?? 0o644 });
    }
    const { context, judged } = await examine(root, ['.'], {
      model,
      ruleIds: RULES.map(rule => rule.id),
      today: TODAY,
    });
    expect(judged).toBeGreaterThan(5);
    expect(written(runRules(RULES, context).filter(each => each.severity !== 'info'))).toBe('');
  });
});
