import { type Command, unwrapped, type Word } from '../../artifacts/shell/script.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { allCalls, type Call, type Shell, shellsOf } from '../scripts.ts';
import { slipOf, variablesOf } from './set-variables.ts';

export function expansionFaults(context: Context): readonly Finding[] {
  return [
    ...shellsOf(context).flatMap(shell => unset(context, shell)),
    ...allCalls(context).flatMap(call => [...cutUrl(call), ...splitSecret(call)]),
  ];
}

/** Where an empty text does harm: in an image, a path, a URL, the value of a flag. */
const HARMS = /[/:@]|^["']?-{1,2}[\w-]+=/;

function unset(context: Context, shell: Shell): Finding[] {
  const reported = new Set<string>();
  const own = new Set(shell.document.body.assignments.map(each => each.name));
  // A file that is read in may set anything.
  const sources = shell.calls.some(({ name }) => /^(?:source|\.|eval)$/.test(name));
  if (sources) return [];
  return shell.calls.flatMap(({ command, name }) =>
    command.words.flatMap((word, i) =>
      word.variables.flatMap((variable): Finding[] => {
        const plain = variable.operator === undefined || /^[#%/^,]/.test(variable.operator);
        const harm = i > 0 && (HARMS.test(word.raw) || /^-/.test(command.words[i - 1]?.raw ?? ''));
        if (
          !plain ||
          !harm ||
          own.has(variable.name) ||
          !/^[A-Z][A-Z0-9_]{2,}$/.test(variable.name) ||
          /^(?:echo|printf|export|local)$/.test(name)
        )
          return [];
        const set = variablesOf(context);
        if (set.has(variable.name) || reported.has(variable.name)) return [];
        const near = slipOf(variable.name, set);
        if (!near && !isAlone(context, shell)) return [];
        reported.add(variable.name);
        const meant = near ? `; ${near} is` : '';
        return [
          { at: shell.document.text.place(variable.start), message: `nothing sets ${variable.name}${meant}` },
        ];
      }),
    ),
  );
}

/** A script of a whole project that sets its own variables: guides, workflows and images are given theirs by others. */
const isAlone = (context: Context, { document, host }: Shell): boolean =>
  context.closed &&
  host === document &&
  document.body.shebang !== undefined &&
  document.body.assignments.some(each => /^[A-Z]/.test(each.name));

const CUT = /^https?:\/\/[^\s'"]*$/;

/** `curl http://host/path?a=1&b=2`: what stands behind the & is a command of its own. */
function cutUrl({ shell, whole }: Call): Finding[] {
  const { text } = shell.document;
  const last = whole.words.at(-1);
  if (!last || !CUT.test(last.raw)) return [];
  const rest = /^&[\w.~%+-]+=[^\s'"|;<>]*/.exec(text.content.slice(last.end, last.end + 300))?.[0];
  const globs =
    rest === undefined &&
    shell.host.kind === 'markdown' &&
    /\?\w+=/.test(last.raw) &&
    last.variables.length === 0;
  if (rest === undefined && !globs) return [];
  const url = last.raw + (rest ?? '');
  const quote = url.includes('$') ? '"' : "'";
  const message =
    rest === undefined
      ? 'the ? of the URL is a pattern to zsh, which finds no such file'
      : 'the & of the URL ends the command: what follows is another';
  return [
    {
      at: text.place(last.start),
      message,
      edits: [text.edit(last.start, last.end + (rest ?? '').length, `${quote}${url}${quote}`)],
    },
  ];
}

const SECRET = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|DATABASE_URL|DSN)$/;

/** A secret outside of quotes: it may hold a space or a star. */
function splitSecret({ shell, whole }: Call): Finding[] {
  const { text } = shell.document;
  return unwrapped(whole)
    .words.slice(1)
    .flatMap((word: Word) =>
      word.variables.flatMap((variable): Finding[] => {
        const written = /^\$(?:\w+|\{\w+\})/.exec(
          text.content.slice(variable.start, variable.start + 80),
        )?.[0];
        if (variable.quoted || !SECRET.test(variable.name) || !written || isAssigned(whole, word)) return [];
        const end = variable.start + written.length;
        return [
          {
            at: text.place(variable.start),
            message: `${variable.name} stands outside of quotes: a space or a * in it makes several words`,
            edits: [text.edit(variable.start, end, `"${written}"`)],
          },
        ];
      }),
    );
}

/** In `export A=$B` nothing is split by the shells that matter; masked expressions of workflows are filled in before. */
const isAssigned = (whole: Command, word: Word): boolean =>
  /^(?:export|local|readonly|declare)$/.test(whole.words[0]?.value ?? '') ||
  word.variables.some(each => /^E_+$/.test(each.name)) ||
  /[<>]\(/.test(word.raw);
