import { lookAtHealth, type Question } from '../health/look.ts';
import { questionsOf } from '../health/questions.ts';
import type { Probe } from '../probe.ts';

export const ready: Probe<Question> = {
  id: 'ready',
  title: 'the service says that it takes requests, each time of several',
  plan: ({ endpoints }, flags) =>
    questionsOf(endpoints, 'ready', flags).map(spec => ({ ...spec, gate: true })),
  observe: ({ data }, attempt) => lookAtHealth(data, attempt),
};
