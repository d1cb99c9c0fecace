import type { Question } from '../init/questions.ts';

/** Prompts that are drawn, or lines where nothing can be. Loaded only where somebody can answer. */
export const promptsFor = async (live: boolean) =>
  live ? import('./prompts.ts') : import('./prompts-plain.ts');

/** Asks on stderr, so that stdout keeps the result. */
export async function ask(question: Question, live: boolean): Promise<unknown> {
  const { checkbox, input, number, select } = await promptsFor(live);
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
