import type { Document, Embedded, Kind } from '../document.ts';
import { parseMarkdown } from './parse.ts';

export const markdown: Kind<'markdown'> = {
  id: 'markdown',
  title: 'Markdown guide',
  comment: undefined,
  names: /\.(?:md|markdown)$/i,
  parse: parseMarkdown,
  embedded,
};

/** What changes a file is none. */
const CHANGE = /^\{?\.?(?:diff|patch)\b/i;

/** A block of commands is a script even where the text before it speaks of the file that it makes. */
function embedded({ body }: Document<'markdown'>): readonly Embedded[] {
  const files = body.filter(({ tag }) => !CHANGE.test(tag));
  return files.map(({ tag, text, kind: tagged, name }) => {
    const kind = tagged === 'shell' && isSettings(name, text.content) ? 'env' : tagged;
    return {
      text,
      tagged: tag !== '' && !/^(?:text|txt|plain(?:text)?|console|none)\b/.test(tag),
      ...(kind ? { kind } : {}),
      ...(name && (kind !== 'shell' || /\.(?:sh|bash)$/.test(name)) ? { name } : {}),
    };
  });
}

/** Settings are often coloured as a shell's: they are what their file is, where nothing in them is a command. */
const isSettings = (name: string | undefined, content: string): boolean =>
  name !== undefined &&
  /\.env(?:\.[\w.-]+)?$/.test(name) &&
  content.split('\n').every(line => /^\s*(?:$|#|(?:export\s+)?[A-Za-z_]\w*=)/.test(line));
