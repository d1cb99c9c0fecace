import { lookAtHealth, type Question } from '../health/look.ts';
import { questionsOf } from '../health/questions.ts';
import type { Probe } from '../probe.ts';

export const live: Probe<Question> = {
  id: 'live',
  title: 'the process answers that it lives',
  plan: ({ endpoints }, flags) =>
    questionsOf(endpoints, 'live', flags).map(spec => ({ ...spec, gate: true })),
  observe: ({ data }, attempt) => lookAtHealth(data, attempt),
};
