/** Each shell script that is rendered for a golden case, before shellcheck with its optional rules too. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { need, shellcheck } from './judges.ts';

/** The optional rules that are about mistakes; the others are about taste. */
const OPTIONAL = ['add-default-case', 'avoid-nullary-conditions', 'deprecate-which', 'quote-safe-variables'];

const engine = await createEngine();
const scripts = TARGETS.flatMap(target =>
  [...FIXTURE_CASES, ...ownCases(target.id)]
    .filter(({ model }) => target.applies(model))
    .flatMap(({ name, model }) =>
      target
        .render(model, engine)
        .filter(({ path }) => path.endsWith('.sh'))
        .map(({ path, content }) => ({ title: `${path} of ${name}`, content })),
    ),
);

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-scripts-'));
  await writeFile(join(dir, '.shellcheckrc'), `enable=${OPTIONAL.join(',')}\n`);
});
afterAll(() => rm(dir, { recursive: true }));

describe.runIf(need('shellcheck'))('shellcheck', () => {
  it.each(scripts)('finds nothing in $title', async ({ title, content }) => {
    const file = join(dir, `${title.replaceAll(/\W/g, '-')}.sh`);
    await writeFile(file, content);
    expect(await shellcheck(file)).toEqual([]);
  });
});
