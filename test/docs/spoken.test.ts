import { expect, it } from 'vitest';
import { pageOf, pagePaths, readPage } from './markdown.ts';
import { spokenIn, unknownIn } from './spoken.ts';

const complaintsOf = (page: ReturnType<typeof pageOf>) =>
  spokenIn(page).flatMap(spoken =>
    unknownIn(spoken).map(word => `${spoken.where}: aideploy ${spoken.words.join(' ')}: ${word}`),
  );

it('what pages tell people to type, the program knows: commands, targets, platforms, flags and their words', async () => {
  const pages = await Promise.all((await pagePaths()).map(readPage));
  expect(pages.flatMap(spokenIn).length).toBeGreaterThan(50);
  expect(pages.flatMap(complaintsOf)).toEqual([]);
});

it.each([
  ['```\naideploy deploi systemd\n```', 'deploi'],
  ['```sh\nnpm ci && aideploy render --chek\n```', '--chek'],
  ['```console\n$ aideploy deploy compos --tag 1\n```', 'compos'],
  ['```yaml\n- run: npx aideploy check --format serif\n```', '--format serif'],
  ['```\naideploy render \\\n  --check --stdout helm\n```', '--stdout helm'],
  ['`aideploy verify --only redy`', '--only redy'],
  ['`aideploy explain cross/nothing`', 'cross/nothing'],
])('%j is not let through', (text, word) => {
  expect(complaintsOf(pageOf('x.md', text)).map(each => each.split(': ').at(-1))).toEqual([word]);
});

it.each([
  '`aideploy render <target>`',
  '```\naideploy verify --url https://chat.example.com --only ready/api --format json|junit  # why\n```',
  '```\naideploy check --fix=unsafe deploy | tee found; aideploy doctor\n```',
  '`aideploy: command not found`',
])('%j is', text => {
  expect(complaintsOf(pageOf('x.md', text))).toEqual([]);
});
