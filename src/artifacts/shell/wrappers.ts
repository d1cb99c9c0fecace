import { type Command, nameOf, valueAt } from './script.ts';

/** All that a function was called with, as one word of its own. */
const ALL = /^"?\$\{?@\}?"?$/;

/** Functions that call each other go deeper for nothing that a rule would tell. */
const DEEPEST = 3;

/**
 * Calls of functions that hand their words on, as what they come to: with `cloud() { gcloud "$@" --quiet; }`, `cloud run
 * deploy` is `gcloud run deploy --quiet`. Only where one command alone takes the words.
 */
export function followed(commands: readonly Command[], functions: readonly string[]): readonly Command[] {
  const wrapped = new Map(functions.flatMap(name => wrappedBy(name, commands)));
  if (wrapped.size === 0) return commands;
  return commands.map(call => {
    let now = call;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const name = valueAt(now, 0) ?? '';
      const inner = call.within === name ? undefined : wrapped.get(name);
      if (!inner || now.words.length === 1) break;
      now = merged(now, inner);
    }
    return now;
  });
}

function wrappedBy(name: string, commands: readonly Command[]): [string, Command][] {
  const body = commands.filter(each => each.within === name);
  const taking = body.filter(each => each.words.some(word => ALL.test(word.raw)));
  const [first] = taking;
  const said = (command: Command) => command.words.map(word => word.raw).join(' ');
  if (!first || taking.some(each => said(each) !== said(first))) return [];
  // What is taken off before, or decided by the words, is not followed.
  const plain =
    first.pipe.of === 1 &&
    !first.substituted &&
    !body.some(each => /^(?:shift|set)$/.test(nameOf(each))) &&
    !/^(?:echo|printf|log|for)$/.test(nameOf(first));
  return plain ? [[name, first]] : [];
}

/** `${flags[@]+"${flags[@]}"}`: nobody writes it so but for an array that is empty as a rule. */
const MAYBE_NONE = /^\$\{(\w+)\[@\]\+"\$\{\1\[@\]\}"\}$/;

const merged = (call: Command, inner: Command): Command => ({
  ...call,
  words: inner.words
    .filter(word => !MAYBE_NONE.test(word.raw))
    .flatMap(word => (ALL.test(word.raw) ? call.words.slice(1) : [word])),
  redirects: [...inner.redirects, ...call.redirects],
  tested: call.tested || inner.tested,
  otherwise: call.otherwise ?? inner.otherwise,
  background: call.background || inner.background,
});
