import { own } from '../../artifacts/own.ts';
import { expanded, UNKNOWN } from '../../artifacts/shell/expand.ts';
import { hasOption, nameOf } from '../../artifacts/shell/script.ts';
import type { Finding } from '../rule.ts';
import { type Call, isSet, operandsOf } from '../scripts.ts';
import { valuesOf } from '../steps.ts';
import { textOf } from './dumps.ts';

type Fault = Pick<Finding, 'edits' | 'message'>;

/** Folders that only root may write to. */
const SYSTEM = /^\/(?:etc|usr|opt|lib|boot|var\/(?:lib|spool|opt))\//;

/** `sudo echo … > /etc/file`: the file is opened by who calls sudo. */
export function redirectOf(call: Call): Fault | undefined {
  const { whole, shell } = call;
  const [redirect, ...more] = whole.redirects.filter(each => /^>>?$/.test(each.operator) && each.target);
  const target = redirect?.target;
  if (
    nameOf(whole) !== 'sudo' ||
    !redirect ||
    !target ||
    !SYSTEM.test(expanded(target.raw, valuesOf(shell.document)))
  )
    return undefined;
  const message = `sudo does not reach the redirection: ${target.raw} is opened by who calls it`;
  const { text } = shell.document;
  const before = text.content.slice(whole.words.at(-1)?.end ?? whole.end, target.start);
  if (more.length > 0 || whole.redirects.length > 1 || !/^\s*>>?\s*$/.test(before)) return { message };
  const tee = redirect.operator === '>>' ? 'tee -a' : 'tee';
  const start = whole.words.at(-1)?.end ?? whole.end;
  return { message, edits: [text.edit(start, target.end, ` | sudo ${tee} ${target.raw} >/dev/null`)] };
}

const isOnce = ({ shell: { host, document } }: Call): boolean =>
  /^(?:crontab|dockerfile|markdown|workflow)$/.test(host.kind) &&
  !(host.kind === 'markdown' && /\.sh$/.test(document.name));

/** `>>` to a file of the system: each run adds a line. */
export function appendOf(call: Call): Fault | undefined {
  const { whole, shell, command, name } = call;
  if (isOnce(call) || whole.tested || whole.otherwise !== undefined) return undefined;
  const values = valuesOf(shell.document);
  const appended = whole.redirects.find(each => each.operator === '>>')?.target;
  const word =
    appended ??
    (name === 'tee' && hasOption(command, '-a', '--append') ? operandsOf(command).at(-1) : undefined);
  const path = word && expanded(word.raw, values);
  if (
    !word ||
    !path ||
    !/^\/(?:etc|usr|boot)\/|^~?\/?(?:.*\/)?\.(?:bashrc|profile|bash_profile|zshrc|pgpass)$/.test(path) ||
    guarded(call, path)
  )
    return undefined;
  return { message: `each run adds to ${path} once more` };
}

/** Somebody looked before: for the thing itself, or for who or what bears its name. */
function guarded({ shell, whole }: Call, thing: string): boolean {
  const before = shell.document.text.content.slice(0, whole.start);
  const lines = before.split('\n').slice(-12).join('\n');
  const last = thing.split('/').at(-1) ?? thing;
  if (
    /\b(?:id|getent|grep|inspect|describe|exists?|ls)\b|\[\[?\s|\btest\s|\bif\b|\bunless\b|\|\|/.test(
      lines,
    ) &&
    (lines.includes(last) || /\b(?:if|\|\|)\b|\[\s/.test(lines.split('\n').slice(-3).join('\n')))
  )
    return true;
  return new RegExp(
    `\\b(?:rm|rmdir|delete|down|mv)\\b[^\\n]*${escaped(last)}|(?:>|tee)\\s*["']?[^\\s"']*${escaped(last)}`,
  ).test(before);
}

const escaped = (text: string): string => text.replace(/[^\w/-]/g, '\\$&');

/** A step that stops the script when what it makes is there already. */
export function againOf(call: Call): Fault | undefined {
  const { whole, shell, name } = call;
  if (
    isOnce(call) ||
    whole.tested ||
    whole.otherwise !== undefined ||
    whole.substituted ||
    !isSet(shell, 'e')
  )
    return undefined;
  const made = own(MAKES, name)?.(call);
  if (!made || made.thing.includes(UNKNOWN) || guarded(call, made.thing)) return undefined;
  const edits = made.edit?.(call);
  return {
    message: `${textOf(call).split(/\s/).slice(0, 3).join(' ')} fails when ${made.thing} is there already`,
    ...(edits ? { edits } : {}),
  };
}

interface Made {
  readonly thing: string;
  readonly edit?: (call: Call) => NonNullable<Finding['edits']>;
}

const thing = (call: Call, word: { readonly raw: string } | undefined): string =>
  word ? expanded(word.raw, valuesOf(call.shell.document)) : UNKNOWN;

/** An option right behind the command's name. */
const option =
  (text: string) =>
  (call: Call): NonNullable<Finding['edits']> => {
    const end = call.command.words[0]?.end ?? call.whole.end;
    return [call.shell.document.text.edit(end, end, ` ${text}`)];
  };

const guard =
  (test: (name: string) => string, name: string) =>
  (call: Call): NonNullable<Finding['edits']> => [
    call.shell.document.text.edit(call.whole.start, call.whole.start, `${test(name)} >/dev/null 2>&1 || `),
  ];

const account =
  (database: string, last: boolean) =>
  (call: Call): Made | undefined => {
    const words = operandsOf(
      call.command,
      ...'-d -g -G -s -u -c -k --home --home-dir --shell --uid --gid --groups --gecos --ingroup --comment'.split(
        ' ',
      ),
    );
    const word = last ? words.at(-1) : words[0];
    const name = thing(call, word);
    return words.length === 1
      ? { thing: name, edit: guard(each => `getent ${database} ${each}`, word?.raw ?? '') }
      : undefined;
  };

/** `docker network create x`, `kubectl create namespace x`. */
const created =
  (verbs: RegExp) =>
  (call: Call): Made | undefined => {
    const text = textOf(call);
    if (!verbs.test(text) || /--dry-run|--ignore-|--if-not-exists|\|/.test(text) || call.whole.pipe.of > 1)
      return undefined;
    const words = operandsOf(
      call.command,
      '-n',
      '--namespace',
      '--driver',
      '-d',
      '--subnet',
      '-h',
      '-U',
      '-p',
      '-O',
      '--owner',
      '--host',
      '--username',
    );
    const word = words.at(-1);
    return { thing: thing(call, word) };
  };

const MAKES: Readonly<Record<string, (call: Call) => Made | undefined>> = {
  adduser: account('passwd', false),
  createdb: created(/^/),
  createuser: created(/^/),
  docker: created(/\bnetwork\s+create\b/),
  groupadd: account('group', true),
  kubectl: created(/\bcreate\s+(?:ns|namespace|secret|configmap|cm|serviceaccount|sa|deployment)\s/),
  ln: call =>
    call.command.words.some(word => /^-\w*s/.test(word.raw)) &&
    !call.command.words.some(word => /^-\w*f|^--force/.test(word.raw))
      ? { thing: thing(call, operandsOf(call.command).at(-1)), edit: option('-fn') }
      : undefined,
  mkdir: call =>
    call.command.words.some(word => /^-\w*p|^--parents/.test(word.raw))
      ? undefined
      : { thing: thing(call, operandsOf(call.command, '-m')[0]), edit: option('-p') },
  useradd: account('passwd', true),
};
