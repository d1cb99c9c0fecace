import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { Language, Node, Parser, Tree } from '@vscode/tree-sitter-wasm';

export type { Node, Tree };
export type Grammar = 'bash' | 'go' | 'powershell' | 'python' | 'tsx' | 'typescript';
/** Undefined where there is no tree, or none within the milliseconds that are given. */
export type Parse = (text: string, within?: number) => Tree | undefined;

type Runtime = {
  Parser: typeof Parser & { init(options: { wasmBinary: Uint8Array }): Promise<void> };
  Language: typeof Language;
};

/** The bundle has its grammars beside it, or beside the folder of its chunks; in the sources they come from the package. */
function locate(name: string): string {
  for (const folder of ['./grammars/', '../grammars/']) {
    const path = fileURLToPath(new URL(folder + name, import.meta.url));
    if (existsSync(path)) return path;
  }
  return join(dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm')), name);
}

/**
 * V8 would optimise lexers of 160 KB of code, a second of work for tenths that they run, and a program waits for that at
 * its end. What is compiled at first (https://v8.dev/blog/liftoff) is fast enough for the files of a project.
 */
const UNOPTIMISED = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

let runtime: Promise<Runtime> | undefined;

/** The runtime is written for CommonJS and asks for its own file name, which a bundled module doesn't have. */
async function loadRuntime(): Promise<Runtime> {
  for (const flag of UNOPTIMISED) setFlagsFromString(flag);
  const globals = globalThis as { __filename?: string };
  const before = globals.__filename;
  globals.__filename = fileURLToPath(import.meta.url);
  try {
    const module = (await import('@vscode/tree-sitter-wasm')) as unknown as Runtime & { default?: Runtime };
    const loaded = module.default ?? module;
    await loaded.Parser.init({ wasmBinary: await readFile(locate('tree-sitter.wasm')) });
    return loaded;
  } finally {
    if (before === undefined) delete globals.__filename;
    else globals.__filename = before;
  }
}

const parsers = new Map<Grammar, Promise<Parse>>();

async function loadParser(grammar: Grammar): Promise<Parse> {
  runtime ??= loadRuntime();
  const { Parser, Language } = await runtime;
  const language = await Language.load(await readFile(locate(`tree-sitter-${grammar}.wasm`)));
  const parser = new Parser();
  parser.setLanguage(language);
  return (text, within) => {
    if (within === undefined) return parser.parse(text) ?? undefined;
    const deadline = performance.now() + within;
    const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
    // A parser that was stopped would go on where it was.
    if (!tree) parser.reset();
    return tree ?? undefined;
  };
}

/** A parser for a grammar, loaded when it is first asked for. */
export function parserFor(grammar: Grammar): Promise<Parse> {
  const known = parsers.get(grammar);
  if (known) return known;
  const made = loadParser(grammar);
  parsers.set(grammar, made);
  return made;
}

/** The named children of a node, without the holes that error recovery leaves. */
export function children(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');
}

export function field(node: Node, name: string): Node | undefined {
  return node.childForFieldName(name) ?? undefined;
}

export function descendants(node: Node, types: string | string[]): Node[] {
  return node.descendantsOfType(types).filter((found): found is Node => found !== null);
}

/** Is `inner` within `outer`, or the same? */
export function contains(outer: Node, inner: Node): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex;
}
