import type { Edit } from '../../../artifacts/text.ts';
import { dumperOf, hiddenIn, pipesOf, textOf } from '../../dumps.ts';
import { goesOn, statusOfOther } from '../../failures.ts';
import type { Finding, Rule } from '../../rule.ts';
import { isSet, type Shell, shellsOf } from '../../scripts.ts';

export const pipeHidesFailure: Rule = {
  id: 'script/pipe-hides-failure',
  severity: ['error', 'warning'],
  title: 'a failure that the script does not notice',
  why: 'The status of a pipe is that of its last command, and `$?` that of the last one before it: a dump that breaks off leaves a small valid archive behind, the script reports success, and somebody learns of it on the day of the restore.',
  fix: 'Begin with `set -euo pipefail` (bash), or test the status of the command itself.',
  fixable: 'safe',
  example: {
    bad: '#!/usr/bin/env bash\nset -e\npg_dump app | gzip > app.sql.gz',
    good: '#!/usr/bin/env bash\nset -e\nset -o pipefail\npg_dump app | gzip > app.sql.gz',
  },
  check: context =>
    shellsOf(context).flatMap(shell => [...hidden(shell), ...statuses(shell), ...unnoticed(shell)]),
};

function hidden(shell: Shell): Finding[] {
  const pipes = pipesOf(shell.calls);
  const found = pipes.flatMap(pipe => {
    const first = hiddenIn(pipe);
    return first ? [{ first, last: pipe.at(-1)?.name ?? '' }] : [];
  });
  if (found.length === 0 || isSet(shell, 'pipefail')) return [];
  return found.map(({ first, last }, i) => ({
    at: first.at,
    message: `the failure of ${dumperOf(first)} is hidden by ${last}, whose status is that of the pipe`,
    ...(i === 0 ? { edits: pipefail(shell) } : {}),
  }));
}

/** Only where bash reads it, and no other pipe ends its first command early on purpose. */
function pipefail(shell: Shell): readonly Edit[] {
  const { text, body } = shell.document;
  const early = pipesOf(shell.calls).some(pipe =>
    pipe.some(each => /^(?:head|grep|yes|less|more)$/.test(each.name)),
  );
  if (early || shell.host !== shell.document || !/\bbash\b/.test(body.shebang ?? '')) return [];
  const set = shell.calls.find(each => each.name === 'set');
  const end = text.content.indexOf('\n', set?.whole.end ?? 0);
  return end === -1 ? [] : [text.edit(end + 1, end + 1, 'set -o pipefail\n')];
}

const statuses = (shell: Shell): Finding[] =>
  statusOfOther(shell).map(({ offset, read, meant }) => ({
    at: shell.document.text.place(offset),
    message: `$? is the status of ${read.name}, not of ${meant.name} before it`,
    related: [{ ...meant.at, message: textOf(meant).split('\n', 1)[0] ?? '' }],
  }));

function unnoticed(shell: Shell): Finding[] {
  const first = goesOn(shell);
  if (!first) return [];
  const message = `the script goes on when ${first.name} fails: neither set -e nor || says otherwise`;
  return [{ at: first.at, severity: 'warning', message }];
}
