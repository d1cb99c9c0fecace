import type { KindId, Parsed } from '../document.ts';
import { own } from '../own.ts';
import { dedented, embed, lineStarts, type Text } from '../text.ts';
import type { Block } from './markdown.ts';

interface Fence {
  /** What stands before it. */
  readonly lead: string;
  readonly marks: string;
  readonly info: string;
}

/** Before a fence stand spaces, the marks of lists and quotes, and no more than a few of them. */
const LEAD = /^[\s>]{0,60}(?:[-*+]|\d{1,9}[.)])?[\s>]{0,60}$/;
/** What begins the lines of a block that a quote holds. */
const QUOTE = /^\s{0,20}(?:>\s?){1,9}$/;

function fenceIn(line: string): Fence | undefined {
  const start = line.search(/[`~]/);
  if (start === -1 || start > 130 || !LEAD.test(line.slice(0, start))) return undefined;
  const marks = /^(?:`{3,}|~{3,})/.exec(line.slice(start))?.[0];
  if (!marks) return undefined;
  const info = line.slice(start + marks.length).trim();
  return marks.startsWith('`') && info.includes('`')
    ? undefined
    : { lead: line.slice(0, start), marks, info };
}

/** The fenced blocks of a guide; https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function parseMarkdown(text: Text): Parsed<readonly Block[]> {
  const blocks: Block[] = [];
  const headings: string[] = [];
  let open: { fence: string; quoted: boolean; tag: string; start: number; before: string } | undefined;
  let before = '';
  for (const { line, offset } of lines(text.content)) {
    const fence = fenceIn(line);
    if (open) {
      const closes =
        fence?.info === '' && fence.marks[0] === open.fence[0] && fence.marks.length >= open.fence.length;
      if (!closes) continue;
      blocks.push(blockOf(text, { ...open, end: offset, headings: [...headings] }));
      open = undefined;
      before = '';
    } else if (fence) {
      open = {
        fence: fence.marks,
        quoted: QUOTE.test(fence.lead),
        tag: fence.info,
        start: text.content.indexOf('\n', offset) + 1 || text.content.length,
        before,
      };
    } else {
      const [, marks, title] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
      if (marks) headings.splice(marks.length - 1, headings.length, title ?? '');
      // A paragraph says what the block behind it is.
      if (/[^\s>]/.test(line)) before = line;
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
  readonly quoted: boolean;
  readonly tag: string;
  readonly before: string;
  readonly headings: readonly string[];
  readonly start: number;
  readonly end: number;
}

function blockOf(text: Text, { quoted, tag, before, headings, start, end }: Raw): Block {
  const language = (/^\{?\.?([\w+-]*)/.exec(tag)?.[1] ?? '').toLowerCase();
  const lines = quoted ? unquoted(text, start, end) : dedented(text, start, Math.max(start, end));
  const inner = typed(lines, language);
  const said = nameOf(tag, before, headings.at(-1) ?? '', inner.content);
  const name = said && mayBe(language, said) ? said : undefined;
  return { tag, text: inner, name, kind: own(TAGS, language), headings, start };
}

/** The lines of a block in a quote, without its marks. */
function unquoted(text: Text, start: number, end: number): Text {
  const starts = lineStarts(text.content.slice(start, Math.max(start, end))).map(each => start + each);
  return embed(
    text,
    starts.slice(0, -1).map((offset, i) => {
      const line = text.content.slice(offset, (starts[i + 1] ?? end) - 1).replace(/\r$/, '');
      const lead = /^\s{0,20}(?:> ?){1,9}/.exec(line)?.[0] ?? '';
      return { text: line.slice(lead.length), offset: offset + lead.length };
    }),
  );
}

/** Languages of blocks that say nothing of the files that they show. */
const PLAIN =
  /^(?:|conf|config|console|cron|crontab|docker|dockerfile|dotenv|env|ini|nginx|none|plain|plaintext|properties|sh|bash|shell|shell-session|systemd|text|toml|txt|zsh)$/;

/** A Python block below a heading that speaks of `.env` is Python. */
function mayBe(language: string, name: string): boolean {
  if (PLAIN.test(language)) return true;
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (/^ya?ml$/.test(language)) return /^ya?ml$/.test(ending);
  return own(LANGUAGE_OF, ending) === language || ending === language;
}

const LANGUAGE_OF: Readonly<Record<string, string>> = {
  bat: 'batch',
  cmd: 'batch',
  ps1: 'powershell',
  py: 'python',
};

/** What somebody typed behind a prompt: spaces stand for the prompt and for what was answered. */
function typed(text: Text, language: string): Text {
  const session = /^(?:console|(?:shell|sh|bash)-?session|terminal)$/.test(language);
  const prompt = session ? /^(\s*[$>%] )/ : /^(\s*\$ )/;
  const judged = session || own(TAGS, language) === 'shell';
  if (!judged || !text.content.split('\n').some(line => prompt.test(line))) return text;
  let goesOn = false;
  const lines = text.content.split('\n').map(line => {
    const lead = prompt.exec(line)?.[1];
    const kept =
      lead === undefined ? (goesOn ? line : undefined) : ' '.repeat(lead.length) + line.slice(lead.length);
    goesOn = kept?.trimEnd().endsWith('\\') ?? false;
    return kept ?? ' '.repeat(line.length);
  });
  return { ...text, content: lines.join('\n') };
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
  'shell-session': 'shell',
  systemd: 'systemd',
  zsh: 'shell',
};

const PATH =
  /[`"*(\s](\/etc\/(?:cron\.d|logrotate\.d|nginx\/sites-(?:available|enabled))\/[\w.@-]+|\/?(?:[\w.@{}-]+\/)*(?:[\w.@-]*[Dd]ockerfile(?:\.[\w-]+)?|\.dockerignore|\.env(?:\.[\w.-]+)?|crontab|[\w.@-]+\.(?:ya?ml|service|socket|timer|conf|env|sh|sql|cron|logrotate|ps1|cmd|bat|py|rules|json)))[`"*):,\s]/;

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
