/** Each workflow that is rendered for a golden case, before actionlint, zizmor and the schema of workflows. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { github } from '../../src/targets/github/index.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { type Finding, need } from './judges.ts';
import { actionlint, workflowSchema, zizmor } from './workflows.ts';

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('github')]
  .filter(({ name, model }) => !name.includes('@') && github.applies(model))
  .map(({ name, model }) => ({ name, artifacts: github.render(model, engine) }));

let dir = '';
const files: string[] = [];

async function write(path: string, content: string): Promise<string> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-workflows-'));
  for (const { name, artifacts } of cases) {
    // Workflows call each other by their place in the repository, which is known by this folder.
    await mkdir(join(dir, 'cases', name, '.git'), { recursive: true });
    for (const { path, content } of artifacts) {
      const file = await write(join('cases', name, path), content);
      if (path.endsWith('.yml')) files.push(file);
    }
  }
});
afterAll(() => rm(dir, { recursive: true }));

describe.runIf(need('actionlint', 'shellcheck'))('actionlint', () => {
  it('finds nothing', async () => {
    expect(files.length).toBeGreaterThan(10);
    expect(await actionlint(files)).toEqual([]);
  });
});

describe.runIf(need('zizmor'))('zizmor', () => {
  it('finds nothing that is not excepted', { timeout: 60_000 }, async () => {
    expect(await zizmor(join(dir, 'cases'))).toEqual([]);
  });

  it('is told why, wherever it is told to look away', () => {
    const exceptions = cases.flatMap(({ artifacts }) =>
      artifacts.flatMap(({ content }) => [...content.matchAll(/zizmor: ignore.*/g)].map(([text]) => text)),
    );
    expect(exceptions.length).toBeGreaterThan(0);
    for (const text of exceptions) expect(text).toMatch(/^zizmor: ignore\[[a-z-]+\] (?:\S+ ){4,}\S+$/);
  });
});

describe.runIf(need('check-jsonschema'))('the schema', () => {
  it('has every workflow', { timeout: 60_000 }, async () => {
    expect(await workflowSchema(files)).toEqual([]);
  });
});

const FAULTY = `on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout: 5
    steps:
      - uses: actions/checkout@v4
      - env: {TEXT: a}
        run: echo $TEXT \${{ github.event.head_commit.message }}
`;

describe.runIf(need('actionlint', 'check-jsonschema', 'zizmor'))('the judges themselves', () => {
  it('see planted faults', { timeout: 60_000 }, async () => {
    const file = await write('faulty/.github/workflows/build.yml', FAULTY);
    const rules = (findings: Finding[]) => findings.map(({ rule }) => rule);
    expect(rules(await actionlint([file]))).toEqual(
      expect.arrayContaining(['syntax-check', 'shellcheck', 'expression']),
    );
    expect(rules(await zizmor(join(dir, 'faulty')))).toEqual(
      expect.arrayContaining(['unpinned-uses', 'template-injection', 'excessive-permissions', 'artipacked']),
    );
    expect(await workflowSchema([file])).not.toEqual([]);
  });
});
