import { createInterface } from 'node:readline/promises';

/**
 * The questions of prompts.ts line by line, for terminals where nothing can be drawn over, as editors and some readers
 * of screens have them. The terminal itself edits the line and turns Ctrl-C into a signal.
 */
async function answerTo<Value>(
  question: string,
  read: (answer: string) => Value | undefined,
): Promise<Value> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  try {
    process.stderr.write(`${question}: `);
    for await (const line of lines) {
      const value = read(line.trim());
      if (value !== undefined) return value;
      process.stderr.write(`Not an answer. ${question}: `);
    }
    throw Object.assign(new Error('nobody answers'), { name: 'ExitPromptError' });
  } finally {
    lines.close();
  }
}

interface Asked {
  readonly message: string;
  readonly required?: boolean;
}
interface Choosing extends Asked {
  readonly choices: readonly { readonly value: string; readonly checked?: boolean }[];
}

export const input = ({ message, required }: Asked): Promise<string> =>
  answerTo(message, answer => (required && answer === '' ? undefined : answer));

export const number = ({ message, min, max }: Asked & { min: number; max: number }): Promise<number> =>
  answerTo(`${message} (${min} to ${max})`, answer => {
    const value = /^\d+$/.test(answer) ? Number(answer) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });

export const select = ({ message, choices }: Choosing): Promise<string> =>
  answerTo(`${message} (${valuesOf(choices).join(', ')})`, answer =>
    valuesOf(choices).find(value => value === answer),
  );

/** Several with commas or spaces between them; an empty line takes what is usual. */
export function checkbox({ message, choices }: Choosing): Promise<string[]> {
  const usual = valuesOf(choices.filter(({ checked }) => checked));
  const offer = `${message} (of ${valuesOf(choices).join(', ')}; empty: ${usual.join(', ')})`;
  return answerTo(offer, answer => {
    const chosen = answer.split(/[\s,]+/).filter(each => each !== '');
    if (chosen.length === 0) return usual.length > 0 ? usual : undefined;
    return chosen.every(each => valuesOf(choices).includes(each)) ? chosen : undefined;
  });
}

export const confirm = ({ message, default: usual }: Asked & { default: boolean }): Promise<boolean> =>
  answerTo(`${message} (yes or no; empty: ${usual ? 'yes' : 'no'})`, answer =>
    answer === '' ? usual : /^y(?:es)?$/i.test(answer) ? true : /^no?$/i.test(answer) ? false : undefined,
  );

const valuesOf = (choices: Choosing['choices']) => choices.map(({ value }) => value);
