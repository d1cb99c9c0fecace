import type { AnyDocument } from '../artifacts/document.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';

interface CalledAddress {
  readonly host: string;
  readonly port: number;
  /** Undefined where it is a target of Prometheus or an address alone. */
  readonly scheme: string | undefined;
  readonly at: Place;
}

/** In what people and programs run: scripts and their blocks in guides, schedules, variables, scrapes. */
const CALLERS: ReadonlySet<AnyDocument['kind']> = new Set([
  'cmd',
  'compose',
  'env',
  'kubernetes',
  'powershell',
  'prometheus',
  'shell',
  'systemd',
  'workflow',
]);

const ADDRESS =
  /(?:\b(https?):\/\/|(?<![\w.@/-]))((?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,62}):(\d{2,5})(?![\w.])/gi;

/** Every name with a port, outside of comments. */
export function calledAddresses({ documents }: Context): readonly CalledAddress[] {
  return documents
    .filter(({ kind }) => CALLERS.has(kind))
    .flatMap(({ text }) =>
      [...text.content.matchAll(ADDRESS)]
        .filter(
          ({ index }) =>
            !/(?:^|\s)(?:#|rem\s)/i.test(
              text.content.slice(text.content.lastIndexOf('\n', index) + 1, index),
            ),
        )
        .map(match => ({
          scheme: match[1]?.toLowerCase(),
          host: (match[2] ?? '').toLowerCase(),
          port: Number(match[3]),
          at: text.place(match.index),
        })),
    );
}
