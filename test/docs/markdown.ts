/** The Markdown that people read here, by an independent parser: links, anchors, and what stands in code. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { ROOT } from '../cli/run.ts';

export interface Found {
  readonly text: string;
  readonly line: number;
}

export interface Fence extends Found {
  readonly language: string;
}

export interface Page {
  readonly path: string;
  readonly links: readonly Found[];
  /** What a link may name behind `#`, as GitHub makes it of headings. */
  readonly anchors: ReadonlySet<string>;
  readonly fences: readonly Fence[];
  /** Code within a line of text. */
  readonly code: readonly Found[];
}

type Token = ReturnType<MarkdownIt['parse']>[number];

/** Files below test/ are material of tests, but for those that say what the folder is. */
export async function pagePaths(): Promise<string[]> {
  const below = async (folder: string) =>
    (await readdir(join(ROOT, folder), { recursive: true }).catch(() => []))
      .filter(name => name.endsWith('.md') && !name.includes('node_modules'))
      .map(name => `${folder}/${name}`);
  const top = (await readdir(ROOT)).filter(name => name.endsWith('.md'));
  const folders = await Promise.all(['docs', 'examples', '.github'].map(below));
  return [...top, ...folders.flat(), 'test/services/README.md'].sort();
}

export const readPage = async (path: string): Promise<Page> =>
  pageOf(path, await readFile(join(ROOT, path), 'utf8'));

export function pageOf(path: string, text: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const lineOf = (token: Token) => (token.map?.[0] ?? 0) + 1;
  const inline = tokens
    .filter(({ type }) => type === 'inline')
    .flatMap(block => (block.children ?? []).map(token => ({ token, line: lineOf(block) })));
  const targetsOf = ({ token, line }: (typeof inline)[number]): Found[] => {
    const href = token.attrGet('href') ?? token.attrGet('src');
    return href === null || token.type.endsWith('_close') ? [] : [{ text: href, line }];
  };
  const written = [
    ...tokens.filter(({ type }) => type === 'html_block').map(token => ({ token, line: lineOf(token) })),
    ...inline.filter(({ token }) => token.type === 'html_inline'),
  ];
  return {
    path,
    links: [
      ...inline.flatMap(targetsOf),
      ...written.flatMap(({ token, line }) =>
        [...token.content.matchAll(/(?:src|href|srcset)="([^"]+)"/g)].map(match => ({
          text: match[1] ?? '',
          line,
        })),
      ),
    ],
    anchors: anchorsOf(tokens),
    fences: tokens
      .filter(({ type }) => type === 'fence')
      .map(token => ({ text: token.content, language: token.info.trim(), line: lineOf(token) + 1 })),
    code: inline
      .filter(({ token }) => token.type === 'code_inline')
      .map(({ token, line }) => ({ text: token.content, line })),
  };
}

function anchorsOf(tokens: readonly Token[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join('');
    const slug = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  });
  return anchors;
}
