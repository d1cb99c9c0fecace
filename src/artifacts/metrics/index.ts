import type { Kind } from '../document.ts';
import { lineStarts, type Text } from '../text.ts';
import type { Series } from './metrics.ts';

export const metrics: Kind<'metrics'> = {
  id: 'metrics',
  title: 'sample of metrics',
  comment: '#',
  names: /\.prom$/,
  content: text => /^# (?:TYPE|HELP) [a-zA-Z_:][\w:]* \S/m.test(text.slice(0, 20_000)),
  parse: text => ({ body: seriesOf(text), faults: [] }),
};

const LONGEST = 4_000;

function seriesOf({ content }: Text): readonly Series[] {
  const found = new Map<string, Series>();
  for (const start of lineStarts(content)) {
    const stop = content.indexOf('\n', start);
    const line = content.slice(start, Math.min(stop === -1 ? content.length : stop, start + LONGEST));
    const name = /^[a-zA-Z_:][\w:]*(?=[\s{])/.exec(line)?.[0];
    if (!name) continue;
    const labels = line[name.length] === '{' ? labelsOf(line, name.length + 1) : [];
    const key = `${name} ${labels.join(' ')}`;
    if (!found.has(key)) found.set(key, { name, labels, start });
  }
  return [...found.values()];
}

/** The names of labels, from behind the brace on. */
function labelsOf(line: string, from: number): readonly string[] {
  const names: string[] = [];
  for (let at = from; at < line.length; ) {
    const name = /^[\s,]{0,8}([a-zA-Z_]\w{0,200})\s{0,4}=\s{0,4}"/.exec(line.slice(at, at + 220));
    if (!name?.[1]) break;
    names.push(name[1]);
    at += name[0].length;
    while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1;
    at++;
  }
  return names;
}
