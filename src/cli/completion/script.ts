import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { type KnownWords, type Vocabulary, vocabularyOf } from './vocabulary.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<string, (vocabulary: Vocabulary) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

export function completionScript(shell: string, program: Command, known: KnownWords): string {
  const script = SCRIPTS[shell];
  if (!script) throw new Error(`no completion for ${shell}`);
  return script(vocabularyOf(program, known));
}
