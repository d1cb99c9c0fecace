/** Scripts that `check --fix` mends, before bash and shellcheck: what is mended is a script, and brings no new fault. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixed } from '../../src/check/fix.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { casesOf, judgedAgain, stateOf } from '../check/cases.ts';
import { need, shellcheck } from './judges.ts';

const cases = RULES.filter(rule => rule.fixable !== 'no' && /^(?:cross|cron|script)\//.test(rule.id)).flatMap(
  rule => casesOf(rule.id).bad.map(folder => ({ title: `${rule.id}: ${basename(folder)}`, rule, folder })),
);
const ROUNDS = 6;

/** The scripts of a case before and after every edit that is offered. */
async function mended({ rule, folder }: (typeof cases)[number]) {
  let { collected, findings } = await stateOf([rule], folder);
  const before = collected.files;
  for (let round = 0; round < ROUNDS; round++) {
    const contentOf = (file: string) => collected.files.find(each => each.path === file)?.content;
    const { contents, applied } = fixed(findings, 'unsafe', contentOf);
    if (applied.length === 0) break;
    const files = collected.files.map(each => ({
      ...each,
      content: contents.get(each.path) ?? each.content,
    }));
    collected = { ...collected, files };
    findings = (await judgedAgain([rule], collected)).findings;
  }
  return before.flatMap(({ path, content }) => {
    const now = collected.files.find(each => each.path === path)?.content ?? content;
    return path.endsWith('.sh') && now !== content ? [{ path, before: content, after: now }] : [];
  });
}

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-mended-'));
});
afterAll(() => rm(dir, { recursive: true }));

const codesIn = async (name: string, content: string) => {
  const file = join(dir, name);
  await writeFile(file, content.startsWith('#!') ? content : `#!/bin/bash\n${content}`);
  await promisify(execFile)('bash', ['-n', file]);
  return (await shellcheck(file)).map(each => each.rule);
};

describe.runIf(need('shellcheck'))('what is mended', () => {
  it('is something', async () => {
    const all = await Promise.all(cases.map(mended));
    expect(all.flat().length).toBeGreaterThan(8);
  });

  it.each(cases)('$title', async each => {
    for (const { path, before, after } of await mended(each)) {
      const known = await codesIn(`before-${basename(path)}`, before);
      expect(
        (await codesIn(`after-${basename(path)}`, after)).filter(code => !known.includes(code)),
        after,
      ).toEqual([]);
    }
  });
});
