import type { AnyDocument } from '../../../artifacts/document.ts';
import type { Finding, Rule } from '../../rule.ts';

export const encoding: Rule = {
  id: 'file/encoding',
  severity: ['error', 'warning'],
  title: 'line ends, a byte order mark or an encoding that its reader keeps',
  why: 'A carriage return becomes part of the last word: `/bin/bash\\r` is no program and `secret\\r` no password; a byte order mark becomes part of the first. What is not UTF-8 reads differently everywhere.',
  fix: 'Save it as UTF-8 with LF line ends and without byte order mark; `* text=auto eol=lf` in .gitattributes keeps it so.',
  fixable: 'safe',
  example: { bad: '#!/bin/bash^M', good: '#!/bin/bash' },
  check: ({ documents, complaints }) => [
    ...complaints
      .filter(each => each.rule === 'file/encoding')
      .map(each => ({ ...each, severity: 'warning' as const })),
    ...documents.filter(keepsBytes).flatMap(findingsOf),
  ],
};

const READERS: Readonly<Partial<Record<AnyDocument['kind'], string>>> = {
  crontab: 'cron',
  env: 'the program that is given its values',
  shell: 'the shell',
  systemd: 'the service manager',
};

/** A script without shebang is handed to a shell that may have been told to cope. */
const keepsBytes = (document: AnyDocument): boolean =>
  document.text.within === undefined &&
  document.kind in READERS &&
  (document.kind !== 'shell' || document.body.shebang !== undefined || document.text.bom === true);

function findingsOf({ text, kind }: AnyDocument): Finding[] {
  const { content, bom } = text;
  const cr = content.indexOf('\r\n');
  if (cr === -1 && !bom) return [];
  const what = [...(bom ? ['a byte order mark'] : []), ...(cr === -1 ? [] : ['CRLF line ends'])].join(
    ' and ',
  );
  return [
    {
      at: text.place(bom ? 0 : cr),
      message: `${what}, which ${READERS[kind]} takes for text`,
      edits: [text.edit(bom ? -1 : 0, content.length, content.replaceAll('\r\n', '\n'))],
    },
  ];
}
