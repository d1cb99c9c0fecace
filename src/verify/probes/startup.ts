import { lookAtHealth, type Question } from '../health/look.ts';
import { questionsOf } from '../health/questions.ts';
import type { Probe } from '../probe.ts';

export const startup: Probe<Question> = {
  id: 'startup',
  title: 'the service says that it has started',
  plan: ({ endpoints }, flags) => questionsOf(endpoints, 'startup', flags),
  observe: ({ data }, attempt) => lookAtHealth(data, attempt),
};
