/** The programs that a command starts: its first word, and what a shell is told to start. */
export function programsIn(words: readonly string[]): readonly string[] {
  const [first = '', option, text = ''] = words;
  const program = first.split('/').at(-1) ?? '';
  if (!/^(?:ba|da|a)?sh$/.test(program) || !/^-\w*c$/.test(option ?? ''))
    return program === '' ? [] : [program];
  return [program, ...text.split(/\|\||&&|[|;&\n]/).flatMap(startedBy)];
}

/** Without what stands before a program: assignments, `!`, `if`, `exec`, `$(`. */
function startedBy(part: string): string[] {
  const words = part
    .trim()
    .replace(/^[({]\s*|^\$\(/, '')
    .split(/\s+/)
    .filter(word => !/^(?:\w+=.*|!|if|while|until|then|do|else|exec|command|time|timeout|\d+s?)$/.test(word));
  const program = words[0]?.split('/').at(-1);
  return program && /^[\w.-]+$/.test(program) ? [program] : [];
}
