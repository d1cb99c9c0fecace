/** Our own workflows, before the judges that look at those we render, and before ourselves. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/targets/github/actions.ts';
import { aideploy, ROOT } from '../cli/run.ts';
import { need } from './judges.ts';
import { actionlint, workflowSchema, zizmor } from './workflows.ts';

const folder = join(ROOT, '.github/workflows');
const files = (await readdir(folder)).map(name => join(folder, name));
const USE = /uses: (\S+)(?: # (\S+))?/g;

describe('the workflows of this repository', () => {
  it('use the actions that are rendered, by the same commits', async () => {
    const rendered = Object.values(actions).map(({ uses, version }) => `${uses} ${version}`);
    const used = (await Promise.all(files.map(file => readFile(file, 'utf8'))))
      .flatMap(text => [...text.matchAll(USE)])
      .filter(([, action]) => !action?.startsWith('./'))
      .map(([, action, version]) => `${action} ${version}`);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter(each => !rendered.includes(each))).toEqual([]);
  });

  it.runIf(need('actionlint', 'shellcheck'))('pass actionlint', async () => {
    expect(await actionlint(files)).toEqual([]);
  });

  it.runIf(need('zizmor'))('pass zizmor, and say why where it is told to look away', async () => {
    expect(await zizmor(join(ROOT, '.github'))).toEqual([]);
    const exceptions = (await Promise.all(files.map(file => readFile(file, 'utf8')))).flatMap(
      text => text.match(/zizmor: ignore.*/g) ?? [],
    );
    for (const text of exceptions) expect(text).toMatch(/^zizmor: ignore\[[a-z-]+\] (?:\S+ ){4,}\S+$/);
  });

  it.runIf(need('check-jsonschema'))('are workflows by their schema', async () => {
    expect(await workflowSchema(files)).toEqual([]);
  });

  it('pass aideploy check', async () => {
    const { code, stdout } = await aideploy(['check', '.github', '--severity', 'info']);
    expect(stdout).toMatch(/^\d+ files checked: 0 errors, 0 warnings, 0 for information\n$/);
    expect(code).toBe(0);
  });
});
