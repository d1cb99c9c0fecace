import type { Question } from '../init/questions.ts';

/** Asks on stderr, so that stdout keeps the result. Loaded only where somebody can answer. */
export async function ask(question: Question): Promise<unknown> {
  const { checkbox, input, number, select } = await import('./prompts.ts');
  const stream = { output: process.stderr };
  const { message, choices = [] } = question;
  switch (question.kind) {
    case 'number':
      return number({ message, required: true, min: 1, max: 65_535 }, stream);
    case 'choice':
      return select({ message, choices: choices.map(value => ({ value })) }, stream);
    case 'choices': {
      const usual = Object.keys(question.fallback ?? {});
      const offered = choices.map(value => ({ value, checked: usual.includes(value) }));
      const chosen = await checkbox({ message, required: true, choices: offered }, stream);
      return Object.fromEntries(chosen.map(name => [name, {}]));
    }
    case 'text': {
      const answer = await input({ message, required: !question.optional }, stream);
      return answer === '' ? undefined : answer;
    }
  }
}
