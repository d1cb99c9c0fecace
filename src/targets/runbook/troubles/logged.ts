import type { Trouble } from './trouble.ts';

/** For what programs do themselves, where there is a log to be asked as the section on logs says. */
export const breaker = (asked: boolean): Trouble[] =>
  asked
    ? [
        {
          symptom: 'Calls of the model provider fail at once: the circuit breaker is open',
          look: ['lines | calls'],
          remedy:
            'After several failures in a row (5, as a rule) nothing is sent for a while (30 s); then one call decides. A restart only forgets what was learnt. If it opens again: the model provider fails.',
        },
      ]
    : [];

export const crash = (asked: boolean): Trouble[] =>
  asked
    ? [
        {
          symptom: 'A panic or an exception in the log',
          look: ['lines | crashes'],
          remedy:
            'The process lives: one request got a 500; send the trace and the request’s id to its authors. The process ended: its platform started it again, and what it was doing is lost; go back if it began with a release.',
        },
      ]
    : [];
