/** What a release is made of: files without a tag, with this one, or with the configuration's that gives way to it. */
import { expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { readModel } from '../../src/cli/project.ts';
import { renderedFor } from '../../src/cli/release/files.ts';
import { aideploy, MINIMAL, project } from './run.ts';

const CONFIGURATION = `${MINIMAL}targets: {docker: {}, compose: {}}\n`;
const TAGGED = `${CONFIGURATION}image: {tag: 1.0.0}\n`;

/** The images of the release in the project, deployed as this tag; why not where it is refused. */
async function deployed(root: string, tag: string): Promise<string | undefined> {
  const context = { root, configFile: 'aideploy.yaml' } as Context;
  const { files } = await renderedFor(context, await readModel(context), 'compose', tag);
  const { content = '' } = files.find(({ path }) => path === 'compose.prod.yaml') ?? {};
  return /image: "?chat:([^"\n]*?)"?$/m.exec(content)?.[1];
}

test.each<[what: string, configuration: string, flags: readonly string[], tag: string, image: RegExp]>([
  ['no tag', CONFIGURATION, [], '2.0.0', /^\$\{AIDEPLOY_TAG:/],
  ['the tag that is deployed', CONFIGURATION, ['--tag', '2.0.0'], '2.0.0', /^2\.0\.0$/],
  ["the configuration's tag", TAGGED, [], '1.0.0', /^1\.0\.0$/],
  ["the configuration's tag, where another is deployed", TAGGED, [], '2.0.0', /^2\.0\.0$/],
  ['another tag than the configuration has', TAGGED, ['--tag', '2.0.0'], '2.0.0', /^2\.0\.0$/],
])('files with %s', async (_, configuration, flags, tag, image) => {
  const root = await project({ 'aideploy.yaml': configuration });
  expect((await aideploy(['render', ...flags], { cwd: root })).code).toBe(0);
  expect(await deployed(root, tag)).toMatch(image);
});

test('files with a tag that is neither are refused, with a way out that works', async () => {
  const root = await project({ 'aideploy.yaml': CONFIGURATION });
  await aideploy(['render', '--tag', '1.0.0'], { cwd: root });
  await expect(deployed(root, '2.0.0')).rejects.toThrow(
    /^compose\.prod\.yaml(?: and \d+ more)?: not as the configuration says, with the tag 2\.0\.0 or without one; run `aideploy render`/,
  );
  await aideploy(['render'], { cwd: root });
  expect(await deployed(root, '2.0.0')).toMatch(/AIDEPLOY_TAG/);
});

test.each(['latest', 'a b', ''])('the tag “%s” is no release', async tag => {
  const root = await project({ 'aideploy.yaml': CONFIGURATION });
  const { code, stderr } = await aideploy(['deploy', 'compose', '--tag', tag], { cwd: root });
  expect([code, stderr]).toEqual([2, expect.stringContaining('not a tag that stays')]);
});
