import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examine } from '../../../src/check/check.ts';
import { RULES } from '../../../src/check/rules/all.ts';
import { runRules } from '../../../src/check/run.ts';
import { TEST_CHECK } from '../cases.ts';

const GUIDES = join(TEST_CHECK, 'guides');
const names = readdirSync(GUIDES, { withFileTypes: true }).flatMap(each =>
  each.isDirectory() ? each.name : [],
);

/** What is found in a guide as `aideploy check guide.md` finds it: the rule, and the line that it stands on. */
async function foundIn(name: string, file: string): Promise<readonly string[]> {
  const lines = readFileSync(join(GUIDES, name, file), 'utf8').split('\n');
  const { context } = await examine(join(GUIDES, name), [file], {
    ruleIds: RULES.map(rule => rule.id),
    today: '2026-11-21',
  });
  return runRules(RULES, context)
    .filter(each => each.severity !== 'info')
    .map(each => `${each.rule} | ${lines[each.at.line - 1]?.trim()}`);
}

/** In the order of lines; one line may stand in several blocks, and then each is counted. */
const plantedIn = (name: string): readonly string[] =>
  readFileSync(join(GUIDES, name, 'planted.txt'), 'utf8')
    .trimEnd()
    .split('\n');

describe.each(names)('the guide %s', name => {
  test('what was planted is found where it stands, and nothing else', async () => {
    const planted = plantedIn(name);
    expect(planted.length).toBeGreaterThanOrEqual(30);
    expect(await foundIn(name, 'bad.md')).toEqual(planted);
  });

  test('mended, it is silent', async () => {
    expect(await foundIn(name, 'good.md')).toEqual([]);
  });
});
