import type { Fault, Parsed } from '../document.ts';
import { type Row, readRows } from '../table.ts';
import type { Text } from '../text.ts';

export interface Stanza {
  /** Paths and patterns; none for what holds everywhere. */
  readonly paths: readonly string[];
  readonly directives: readonly Row[];
  readonly start: number;
}

const SCRIPTS = /^(?:prerotate|postrotate|firstaction|lastaction|preremove)$/;

/** logrotate(8): directives, and blocks of them for paths; scripts between `postrotate` and `endscript`. */
export function parseLogrotate(text: Text): Parsed<readonly Stanza[]> {
  const everywhere: Row[] = [];
  const stanzas: { paths: readonly string[]; directives: Row[]; start: number }[] = [];
  const faults: Fault[] = [];
  let open: (typeof stanzas)[number] | undefined;
  let paths: string[] = [];
  let script = false;
  for (const row of readRows(text)) {
    const [first = ''] = row.fields;
    if (script) script = first !== 'endscript';
    else if (open && first === '}') open = undefined;
    else if (open) {
      open.directives.push(row);
      script = SCRIPTS.test(first);
    } else if (row.fields.at(-1)?.endsWith('{')) {
      const own = row.fields.map(field => field.replace(/\{$/, '')).filter(field => field !== '');
      open = { paths: [...paths, ...own], directives: [], start: row.start };
      stanzas.push(open);
      paths = [];
    } else if (first.startsWith('/')) paths.push(...row.fields);
    else everywhere.push(row);
  }
  if (open)
    faults.push({ rule: 'file/unreadable', offset: open.start, message: 'a block that is never closed' });
  return {
    body: [...(everywhere.length > 0 ? [{ paths: [], directives: everywhere, start: 0 }] : []), ...stanzas],
    faults,
  };
}
