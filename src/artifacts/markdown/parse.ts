import type { KindId, Parsed } from '../document.ts';
import { dedented, type Text } from '../text.ts';
import type { Block } from './markdown.ts';

const FENCE = /^([ \t]*(?:[-*+]|\d+[.)])?[ \t]*(?:>[ \t]*)*)(`{3,}|~{3,})[ \t]*([^`\n]*)$/;

/** The fenced blocks of a guide; https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function parseMarkdown(text: Text): Parsed<readonly Block[]> {
  const blocks: Block[] = [];
  const headings: string[] = [];
  let open: { fence: string; tag: string; start: number; before: string } | undefined;
  let before = '';
  for (const { line, offset } of lines(text.content)) {
    const fence = FENCE.exec(line);
    if (open) {
      const closes =
        fence?.[2]?.[0] === open.fence[0] &&
        (fence?.[2]?.length ?? 0) >= open.fence.length &&
        fence?.[3]?.trim() === '';
      if (!closes) continue;
      blocks.push(blockOf(text, { ...open, end: offset, headings: [...headings] }));
      open = undefined;
      before = '';
    } else if (fence?.[2]) {
      open = { fence: fence[2], tag: fence[3]?.trim() ?? '', start: offset + line.length + 1, before };
    } else {
      const [, marks, title] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
      if (marks) headings.splice(marks.length - 1, headings.length, title ?? '');
      // A paragraph says what the block behind it is.
      if (line.trim() !== '') before = line;
    }
  }
  return { body: blocks, faults: [] };
}

function* lines(content: string): Generator<{ line: string; offset: number }> {
  for (let at = 0; at < content.length; ) {
    const stop = content.indexOf('\n', at);
    const end = stop === -1 ? content.length : stop;
    yield { line: content.slice(at, end).replace(/\r$/, ''), offset: at };
    at = end + 1;
  }
}

interface Raw {
  readonly tag: string;
  readonly before: string;
  readonly headings: readonly string[];
  readonly start: number;
  readonly end: number;
}

function blockOf(text: Text, { tag, before, headings, start, end }: Raw): Block {
  const inner = dedented(text, start, Math.max(start, end));
  const language = (/^\{?\.?([\w+-]*)/.exec(tag)?.[1] ?? '').toLowerCase();
  const name = nameOf(tag, before, headings.at(-1) ?? '', inner.content);
  return { tag, text: inner, name, kind: TAGS[language], headings, start };
}

/** Languages that say what a block is whatever stands in it; yaml, ini and text leave that to the content. */
const TAGS: Readonly<Record<string, KindId>> = {
  bash: 'shell',
  console: 'shell',
  docker: 'dockerfile',
  dockerfile: 'dockerfile',
  dotenv: 'env',
  env: 'env',
  nginx: 'nginx',
  sh: 'shell',
  shell: 'shell',
  systemd: 'systemd',
  zsh: 'shell',
};

const PATH =
  /[`"*(\s](\/?(?:[\w.@{}-]+\/)*(?:[\w.@-]*[Dd]ockerfile(?:\.[\w-]+)?|\.dockerignore|\.env(?:\.[\w.-]+)?|crontab|[\w.@-]+\.(?:ya?ml|service|socket|timer|conf|env|sh|sql|cron|logrotate|ps1|cmd|bat|py|rules|json)))[`"*):,\s]/;

function nameOf(tag: string, before: string, heading: string, content: string): string | undefined {
  const titled = /(?:title|file(?:name)?)=["']?([^"'\s}]+)/.exec(tag)?.[1] ?? /^[\w-]+:(\S+)$/.exec(tag)?.[1];
  const comment = /^\s*(?:#|\/\/|--|;|rem)\s*(.*)$/im.exec(content.split('\n', 1)[0] ?? '')?.[1];
  const inComment = comment ? PATH.exec(` ${comment} `)?.[1] : undefined;
  const wholeComment =
    inComment && comment && comment.trim().length <= inComment.length + 12 ? inComment : undefined;
  const said = /:\s*$|\b(?:create|edit|save|write|add)\b/i.test(before)
    ? PATH.exec(` ${before} `)?.[1]
    : undefined;
  return titled ?? wholeComment ?? said ?? PATH.exec(` ${heading} `)?.[1];
}
