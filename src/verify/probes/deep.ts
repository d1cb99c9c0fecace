import { lookAtHealth, type Question } from '../health/look.ts';
import { questionsOf } from '../health/questions.ts';
import type { Probe } from '../probe.ts';

export const deep: Probe<Question> = {
  id: 'deep',
  title: 'every dependency that the service names is healthy; asked only from inside',
  plan: ({ endpoints }, flags) => [
    ...questionsOf(
      endpoints.filter(({ access }) => !access.public),
      'deep',
      flags,
    ).map(spec => ({ ...spec, timeout: flags.timeout * 2 })),
    ...questionsOf(
      endpoints.filter(({ access }) => access.public),
      'deep',
      flags,
    ).map(spec => ({ ...spec, skip: 'asked from outside, where it must not answer: see exposure' })),
  ],
  observe: ({ data }, attempt) => lookAtHealth(data, attempt),
};
