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

/** A block of commands is a script even where the text before it speaks of the file that it makes. */
function embedded({ body }: Document<'markdown'>): readonly Embedded[] {
  return body.map(({ text, kind, name }) => ({
    text,
    ...(kind ? { kind } : {}),
    ...(name && (kind === undefined || kind !== 'shell' || /\.(?:sh|bash)$/.test(name)) ? { name } : {}),
  }));
}
