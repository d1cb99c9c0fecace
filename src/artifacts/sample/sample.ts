import type { YamlMap } from '../yaml.ts';

/** One answer of a health endpoint or one entry of a log, as somebody wrote it down to show it. */
export interface Sample {
  readonly what: 'health' | 'log';
  readonly root: YamlMap;
  /** As written, where it stands on one line: then its spaces are those of the program. */
  readonly line: string | undefined;
}

/** Names under which loggers write how grave an entry is, and what it says. */
export const LEVEL_KEYS: ReadonlySet<string> = new Set('level severity lvl levelname loglevel'.split(' '));
export const MESSAGE_KEYS: ReadonlySet<string> = new Set('msg message event'.split(' '));

/** What health answers list beside their verdict. */
export const PART_KEYS: ReadonlySet<string> = new Set(
  'checks components dependencies details services'.split(' '),
);
