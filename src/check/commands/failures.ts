import { environmentOf } from '../assemble.ts';
import { type Call, isSet, type Shell } from '../scripts.ts';
import { DUMP, RESTORE } from './dumps.ts';

/** Commands that end well whatever happened before them. */
const TRIVIAL = /^(?:echo|printf|date|sleep|true|:|log|info|say)$/;

interface Misread {
  readonly offset: number;
  readonly read: Call;
  readonly meant: Call;
}

/** Places where `$?` is asked for after something that always succeeds. */
export function statusOfOther(shell: Shell): readonly Misread[] {
  const { content } = shell.document.text;
  const top = shell.calls.filter(each => !each.whole.substituted);
  return [...content.matchAll(/\$\?/g)].flatMap((match): Misread[] => {
    const offset = match.index;
    const at = top.findLastIndex(each => each.whole.end <= offset);
    const [read, meant] = [top[at], top[at - 1]];
    if (!read || !meant || !TRIVIAL.test(read.name) || TRIVIAL.test(meant.name)) return [];
    const gap = (from: Call, to: number) => content.slice(from.whole.end, to);
    const asks = /^[^\S\n]*[\n;]\s*(?:(?:if|elif)\s+)?(?:(?:\[\[?|test)\s+"?|(?:local\s+)?\w{1,40}="?)$/;
    if (!asks.test(gap(read, offset)) || !isFollowed(shell, meant, read)) return [];
    return [{ offset, read, meant }];
  });
}

/** Whether one stands right behind the other: in one branch, one function, one after the other. */
export function isFollowed({ document: { text } }: Shell, one: Call, other: Call): boolean {
  const between = text.content.slice(one.whole.end, other.whole.start).replace(/#[^\n]*/g, '');
  return (
    one.whole.within === other.whole.within &&
    !/;;|[{}]|&&|\|\||\b(?:then|else|elif|fi|do|done|esac|case|if)\b/.test(between)
  );
}

/** Commands that leave something half done when they fail. */
const MATTERS =
  /^(?:docker|docker-compose|podman|kubectl|helm|kustomize|systemctl|cp|mv|install|rsync|scp|ssh|tar|git|npm|yarn|pnpm|pip|pip3|go|make|gcloud|aws|alembic|migrate|flyctl|unzip)$/;
const MOVES =
  /(?:^|[/_.-])(?:deploy\w*|backup\w*|restore\w*|release|rollback|upgrade|migrat\w+|install|update)(?=[/_.-]|$)/i;

/** The first command of a deploy, backup or restore whose failure nothing stops. */
export function goesOn(shell: Shell): Call | undefined {
  const { document, host, calls } = shell;
  const own =
    host === document &&
    MOVES.test(document.name.split('/').at(-1) ?? '') &&
    environmentOf(document.name) !== 'test';
  if (!own || document.body.shebang === undefined || isSet(shell, 'e')) return undefined;
  if (calls.some(({ name }) => name === 'trap') && /\bERR\b/.test(document.text.content)) return undefined;
  const steps = calls.filter(
    ({ name, whole }) =>
      !whole.substituted &&
      !whole.background &&
      (MATTERS.test(name) || DUMP.test(name) || RESTORE.test(name)),
  );
  return steps.find(
    (call, i) =>
      i < steps.length - 1 && !call.whole.tested && call.whole.otherwise === undefined && !isAsked(call),
  );
}

/** Its status is looked at right behind it. */
function isAsked({ shell, whole }: Call): boolean {
  const rest = shell.document.text.content.slice(whole.end, whole.end + 160);
  return /^[^\n]{0,80}\n?[^\n]{0,79}(?:\$\?|\|\||&&)/.test(rest);
}
