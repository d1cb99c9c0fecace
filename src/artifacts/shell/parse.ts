import { children, field, type Node, type Parse, parserFor } from '../../syntax/tree.ts';
import type { Parsed } from '../document.ts';
import { dedented, type Text } from '../text.ts';
import type { Assignment, Command, Redirect, Script } from './script.ts';
import { wordOf } from './words.ts';
import { followed } from './wrappers.ts';

let parse: Parse | undefined;

export async function loadShell(): Promise<void> {
  parse ??= await parserFor('bash');
}

/** A script of this length was written by a program. */
const LARGEST = 1024 * 1024;
/** Milliseconds; the longest scripts take some tens of them. */
const LONGEST = 1_000;
const DEEPEST = 200;

export function parseShell(text: Text): Parsed<Script> {
  if (text.content.length > LARGEST)
    return {
      faults: [{ rule: 'file/skipped', offset: 0, message: 'a script of more than 1 MiB is not read' }],
    };
  const tree = parse?.(text.content.replaceAll('\r\n', ' \n'), LONGEST);
  if (!tree)
    return {
      faults: [
        {
          rule: 'file/skipped',
          offset: 0,
          message: 'it cannot be parsed as a shell script in a reasonable time',
        },
      ],
    };
  try {
    const reading: Reading = { text, commands: [], assignments: [], functions: [] };
    walk(reading, tree.rootNode, TOP, 0);
    const { commands, assignments, functions } = reading;
    const shebang = /^#!\s*(.*?)\s*$/m.exec(text.content.slice(0, 200));
    return {
      body: {
        shebang: shebang?.index === 0 ? shebang[1] : undefined,
        commands: followed(commands, functions),
        assignments,
        functions,
      },
      faults: [],
    };
  } finally {
    tree.delete();
  }
}

interface Reading {
  readonly text: Text;
  readonly commands: Command[];
  readonly assignments: Assignment[];
  readonly functions: string[];
}

/** What is known of a command from what stands around it. */
type Around = Pick<Command, 'background' | 'otherwise' | 'pipe' | 'substituted' | 'tested' | 'within'> & {
  readonly redirects: readonly Redirect[];
  /** Written behind a pipe or `a && b`: they are the last command's alone. */
  readonly last: readonly Redirect[];
};

const TOP: Around = {
  pipe: { index: 0, of: 1 },
  tested: false,
  otherwise: undefined,
  background: false,
  within: undefined,
  substituted: false,
  redirects: [],
  last: [],
};

function walk(reading: Reading, node: Node, around: Around, depth: number): void {
  if (depth > DEEPEST) return;
  const go = (child: Node, change: Partial<Around> = {}) =>
    walk(reading, child, { ...around, ...change }, depth + 1);
  switch (node.type) {
    case 'command':
      command(reading, node, around, depth);
      return;
    case 'declaration_command':
      declaration(reading, node, around);
      break;
    case 'variable_assignment':
      reading.assignments.push(assignment(node, false, false, around.within));
      break;
    case 'function_definition': {
      const name = field(node, 'name')?.text ?? children(node)[0]?.text ?? '';
      reading.functions.push(name);
      for (const child of children(node)) if (child.type !== 'word') go(child, { ...TOP, within: name });
      return;
    }
    case 'pipeline': {
      const parts = children(node);
      parts.forEach((child, index) => {
        const last = index === parts.length - 1 ? around.last : [];
        go(child, { pipe: { index, of: parts.length }, last });
      });
      return;
    }
    case 'list': {
      const [left, right] = children(node);
      const either = node.children.some(child => child?.type === '||');
      if (left) go(left, { tested: true, otherwise: either ? right?.text : around.otherwise, last: [] });
      if (right) go(right);
      return;
    }
    case 'negated_command':
      for (const child of children(node)) go(child, { tested: true });
      return;
    case 'if_statement':
    case 'while_statement':
    case 'elif_clause':
      conditional(node, go);
      return;
    case 'command_substitution':
    case 'process_substitution':
      for (const child of children(node)) go(child, { ...TOP, within: around.within, substituted: true });
      return;
    case 'redirected_statement':
      redirected(reading, node, around, go);
      return;
  }
  node.children.forEach((child, i) => {
    if (child?.isNamed) go(child, node.children[i + 1]?.type === '&' ? { background: true } : {});
  });
}

/** What stands before `then` or `do` is looked at for how it ends. */
function conditional(node: Node, go: (child: Node, change?: Partial<Around>) => void): void {
  let condition = true;
  for (const child of node.children) {
    if (!child) continue;
    if (child.type === 'then' || child.type === 'do_group') condition = false;
    if (child.isNamed) go(child, condition ? { tested: true } : {});
  }
}

function redirected(
  reading: Reading,
  node: Node,
  around: Around,
  go: (child: Node, change?: Partial<Around>) => void,
): void {
  const parts = children(node);
  const redirects = parts.flatMap(part => redirectsOf(reading.text, part));
  for (const part of parts) {
    if (/redirect$/.test(part.type)) for (const child of children(part)) go(child);
    else if (/^(?:list|pipeline)$/.test(part.type)) go(part, { last: [...around.last, ...redirects] });
    else go(part, { redirects: [...around.redirects, ...around.last, ...redirects], last: [] });
  }
}

function redirectsOf(text: Text, node: Node): Redirect[] {
  if (node.type === 'heredoc_redirect') {
    const body = children(node).find(child => child.type === 'heredoc_body');
    const more = children(node).flatMap(child => redirectsOf(text, child));
    return [
      { operator: '<<', target: undefined, heredoc: body && dedented(text, body.startIndex, body.endIndex) },
      ...more,
    ];
  }
  if (node.type !== 'file_redirect' && node.type !== 'herestring_redirect') return [];
  const operator = node.children.find(child => child && !child.isNamed)?.type ?? '>';
  const target = children(node).find(child => child.type !== 'file_descriptor');
  return [{ operator, target: target && wordOf(target), heredoc: undefined }];
}

const NOT_WORDS = new Set([
  'variable_assignment',
  'file_redirect',
  'heredoc_redirect',
  'herestring_redirect',
  'comment',
]);

function command(reading: Reading, node: Node, around: Around, depth: number): void {
  const parts = children(node);
  for (const part of parts)
    if (part.type === 'variable_assignment')
      reading.assignments.push(assignment(part, false, true, around.within));
  const own = parts.flatMap(part => redirectsOf(reading.text, part));
  const { redirects, last, ...rest } = around;
  reading.commands.push({
    ...rest,
    words: parts.filter(part => !NOT_WORDS.has(part.type)).map(wordOf),
    redirects: [...own, ...redirects, ...last],
    start: node.startIndex,
    end: node.endIndex,
  });
  for (const part of parts) walk(reading, part, { ...TOP, within: around.within }, depth + 1);
}

function declaration(reading: Reading, node: Node, around: Around): void {
  const exported = /^(?:export|declare\s+-x|typeset\s+-x)\b/.test(node.text);
  for (const child of children(node))
    if (child.type === 'variable_assignment')
      reading.assignments.push(assignment(child, exported, false, around.within));
    else if (child.type === 'variable_name' && exported)
      reading.assignments.push({
        name: child.text,
        value: undefined,
        exported,
        temporary: false,
        within: around.within,
        start: child.startIndex,
      });
}

function assignment(
  node: Node,
  exported: boolean,
  temporary: boolean,
  within: string | undefined,
): Assignment {
  const value = field(node, 'value');
  const name = (field(node, 'name') ?? node).text.replace(/\[.*$/s, '');
  return { name, value: value && wordOf(value), exported, temporary, within, start: node.startIndex };
}
