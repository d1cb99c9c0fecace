import type { Edit } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { isSet, type Shell, shellsOf } from '../scripts.ts';
import { dumperOf, hiddenIn, pipesOf, textOf } from './dumps.ts';
import { goesOn, statusOfOther } from './failures.ts';

export function hiddenFailures(context: Context): readonly Finding[] {
  return shellsOf(context).flatMap(shell => [...hidden(shell), ...statuses(shell), ...unnoticed(shell)]);
}

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
