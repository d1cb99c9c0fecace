import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run.ts';
import { type Page, pageOf, pagePaths, readPage } from './markdown.ts';

const pages = new Map(
  await Promise.all((await pagePaths()).map(async path => [path, await readPage(path)] as const)),
);

const isThere = (path: string) => existsSync(join(ROOT, path));

/** Links of a page that lead nowhere, with their lines. Addresses elsewhere are not asked. */
function broken({ path, links }: Page): string[] {
  return links.flatMap(({ text, line }) => {
    if (/^[a-z][a-z+.-]*:/i.test(text)) return [];
    const [file = '', anchor] = decodeURI(text).split('#');
    const target = file === '' ? path : posix.join(posix.dirname(path), file);
    const isKnown = anchor === undefined || pages.get(target)?.anchors.has(anchor);
    return isThere(target) && isKnown ? [] : [`${path}:${line}: ${text}`];
  });
}

/** The repository's own files, where a text names them: below these folders nothing is rendered into projects. */
const OWN = /^(?:bench|bin|docs|examples|schemas|templates|test|tools)\/[\w./@-]*[\w/]$/;
const unnamed = ({ path, code }: Page) =>
  code
    .filter(({ text }) => OWN.test(text) && !isThere(text))
    .map(({ text, line }) => `${path}:${line}: ${text}`);

describe('every page', () => {
  it('links to files and headings that are there', () => {
    expect([...pages.values()].flatMap(broken)).toEqual([]);
  });

  it('names files of the repository that are there', () => {
    expect([...pages.values()].flatMap(unnamed)).toEqual([]);
  });

  it('of docs can be reached from its index', () => {
    const reached = new Set(['docs/README.md']);
    for (const path of reached)
      for (const { text } of pages.get(path)?.links ?? []) {
        const target = posix.join(posix.dirname(path), text.split('#')[0] ?? '');
        if (pages.has(target)) reached.add(target);
      }
    expect([...pages.keys()].filter(path => path.startsWith('docs/') && !reached.has(path))).toEqual([]);
  });
});

it('no picture lies about that no page shows', async () => {
  const shown = [...pages.values()].flatMap(({ path, links }) =>
    links.map(({ text }) => posix.join(posix.dirname(path), text)),
  );
  const there = (await readdir(join(ROOT, 'docs/pictures')).catch(() => [])).map(
    name => `docs/pictures/${name}`,
  );
  expect(there.filter(path => !shown.includes(path))).toEqual([]);
});

describe('the reader of links', () => {
  const text = [
    '# What is `here`?',
    '## Twice',
    '## Twice',
    '[gone](gone.md) [no heading](#nowhere) [good](#what-is-here) [again](#twice-1)',
    '<img src="gone.svg">',
    'and `test/gone.ts`, not `test/<id>`',
  ].join('\n');

  it('finds what is broken, and nothing else', () => {
    const page = pageOf('README.md', text);
    pages.set('README.md', page);
    expect(broken(page)).toEqual(['README.md:4: gone.md', 'README.md:4: #nowhere', 'README.md:4: gone.svg']);
    expect(unnamed(page)).toEqual(['README.md:4: test/gone.ts']);
  });
});
