/** What `check --format sarif` writes, before the schema of SARIF 2.1.0. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aideploy, project, ROOT } from '../cli/run.ts';
import { ask, need, SARIF_SCHEMA } from './judges.ts';

const folder = mkdtempSync(join(tmpdir(), 'aideploy-sarif-'));
afterAll(() => rmSync(folder, { recursive: true }));
const schema = join(folder, 'schema.json');

const CORPUS = join(ROOT, 'test/check/corpus/foreign');

async function faults(name: string, document: string): Promise<string> {
  const file = join(folder, `of-${name}.json`);
  writeFileSync(file, document);
  copyFileSync(SARIF_SCHEMA, schema);
  const { stdout } = await ask('check-jsonschema', ['--schemafile', schema, file], {
    accept: [0, 1],
    reads: [schema, file],
  });
  return stdout.trim();
}

describe.runIf(need('check-jsonschema'))('the schema of SARIF', () => {
  it.each(readdirSync(CORPUS))('takes what is found in %s', async set => {
    const { stdout } = await aideploy(['check', '--format', 'sarif'], { cwd: join(CORPUS, set) });
    const [{ results }] = JSON.parse(stdout).runs;
    expect(results.length).toBeGreaterThan(0);
    expect(await faults(set, stdout)).toMatch(/^ok\b/);
  });

  it('takes what says that nothing is wrong', async () => {
    const cwd = await project({ 'a.env': 'LOG_LEVEL=info\n' });
    const { stdout } = await aideploy(['check', '--format', 'sarif'], { cwd });
    expect(await faults('nothing', stdout)).toMatch(/^ok\b/);
  });

  it('would see what is none', async () => {
    expect(await faults('none', '{"version": "2.1.0", "runs": [{"results": []}]}')).toMatch(
      /'tool' is a required/,
    );
  });
});
