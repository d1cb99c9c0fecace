import type { Finding } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import type { Program, SourceFile } from '../program/facts.ts';

const subcommand = /^(health|healthcheck|health-check|check-health|probe)$/;

/** Can the program check itself? A scratch image has nothing else that could. */
export function selfCheck(program: Program, binary: string): Finding<string[]> | undefined {
  return byArgument(program, subcommand, binary) ?? byFlag(program, binary);
}

/** `os.Args[1] == "health"`, `case "health":`: a word compared in a function of the main package that reads os.Args. */
function byArgument(program: Program, word: RegExp, binary: string): Finding<string[]> | undefined {
  for (const file of program.files.filter(isMain)) {
    for (const literal of file.strings) {
      if (!word.test(literal.text) || !literal.fn) continue;
      const parent = literal.node.parent;
      const compared =
        parent?.type === 'binary_expression' ||
        parent?.type === 'expression_list' ||
        parent?.type === 'expression_case';
      if (compared && /os\.Args|flag\.Arg|\bargs\[/.test(literal.fn.node.text))
        return finding([binary, literal.text], evidenceAt(file, literal.node));
    }
  }
  return undefined;
}

function byFlag(program: Program, binary: string): Finding<string[]> | undefined {
  for (const file of program.files.filter(isMain)) {
    for (const call of file.calls) {
      const shape = call.name.startsWith('Bool') ? file.syntax.shape(call.node) : undefined;
      const name = shape?.kind === 'flag' ? file.syntax.shape(shape.name) : undefined;
      if (name?.kind === 'text' && subcommand.test(name.text))
        return finding([binary, `-${name.text}`], evidenceAt(file, call.node));
    }
  }
  return undefined;
}

function isMain(file: SourceFile): boolean {
  return /^package main\b/m.test(file.text);
}
