import { expanded, UNKNOWN } from '../../artifacts/shell/expand.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { callsOf, operandsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';
import { rotated } from './outputs.ts';

/** A place that somebody looks for a log in. */
export interface LogReader {
  /** A unit of the journal, or a path. */
  readonly unit?: string;
  readonly path?: string;
  readonly by: string;
  readonly at: Place;
}

export const logReaders = (context: Context): readonly LogReader[] => [
  ...ofJournal(context),
  ...ofFiles(context),
  ...rotated(context).map(({ path, at }) => ({ path, by: 'logrotate', at })),
  ...ofRsyslog(context),
];

/** `journalctl -u chat`: of several units each. */
const ofJournal = (context: Context): LogReader[] =>
  callsOf(context, 'journalctl').flatMap(({ command, at }) =>
    optionValues(command, '-u', '--unit').flatMap(({ value }) =>
      value === undefined || /[*?]/.test(value)
        ? []
        : [{ unit: value.includes('.') ? value : `${value}.service`, by: 'journalctl', at }],
    ),
  );

const ofFiles = (context: Context): LogReader[] =>
  callsOf(context, 'tail', 'less', 'cat', 'zcat', 'grep', 'zgrep', 'egrep', 'awk', 'wc').flatMap(
    ({ command, name, shell: { document, host } }) => {
      if (host.kind === 'dockerfile') return [];
      const values = valuesOf(document);
      return operandsOf(command, '-n', '-c', '-e', '-F', '--lines').flatMap(word => {
        const path = expanded(word.raw, values);
        const isLog = /^\/var\/log\/[\w./-]+$|^\/[\w./-]+\.log$/.test(path) && !path.includes(UNKNOWN);
        return isLog ? [{ path, by: name, at: document.text.place(word.start) }] : [];
      });
    },
  );

/** `input(type="imfile" File="/var/log/chat/chat.log")`, and the old `$InputFileName`. */
const ofRsyslog = (context: Context): LogReader[] =>
  context.of('rsyslog').flatMap(({ text }) =>
    [...text.content.matchAll(/^[^#\n]{0,200}(?:\bFile="|\$InputFileName\s+)(\/[^"\s]+)/gm)].map(match => ({
      path: match[1] ?? '',
      by: 'rsyslog',
      at: text.place(match.index + match[0].length - (match[1]?.length ?? 0)),
    })),
  );
