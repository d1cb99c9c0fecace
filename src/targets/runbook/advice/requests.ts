import type { Model } from '../../../model/model.ts';
import { type Advice, commands, PROVIDER, ROLLBACK } from './advice.ts';

type Requests =
  | 'ErrorBudgetBurnsFast'
  | 'ErrorBudgetBurnsSlowly'
  | 'ErrorRateHigh'
  | 'LatencyHigh'
  | 'Saturated'
  | 'NoTraffic'
  | 'TokensSurge'
  | 'CostOverBudget';

export function requests(model: Model): Record<Requests, Advice> {
  const { logs, usage, status } = commands(model);
  const failing = { look: [...status, ...logs], act: [ROLLBACK, PROVIDER] };
  return {
    ErrorBudgetBurnsFast: {
      meaning: 'So many requests fail that the month’s budget is gone within two days.',
      ...failing,
    },
    ErrorBudgetBurnsSlowly: {
      meaning: 'Requests fail slightly too often, and have for hours. It can wait for the day.',
      ...failing,
    },
    ErrorRateHigh: { meaning: 'More requests than accepted end with a server error right now.', ...failing },
    LatencyHigh: {
      meaning:
        'The slowest twentieth of the requests takes longer than the objective. Streams are not counted.',
      look: [...usage, ...logs],
      act: [PROVIDER, 'If CPU or memory is short, or all copies are full: [Scale](#scale).', ROLLBACK],
    },
    Saturated: {
      meaning: 'A copy works on nearly as many requests as it takes at once.',
      look: [...usage],
      act: [
        'If requests merely last longer than usual, treat it as LatencyHigh; if there are more of them: [Scale](#scale).',
      ],
    },
    NoTraffic: {
      meaning: 'Nobody asks, though yesterday at this time somebody did.',
      look: [...status],
      act: [
        'Look from outside: name, certificate, proxy. Ask the clients’ owners before anything is changed.',
      ],
    },
    TokensSurge: {
      meaning: 'The last hour used more than three times the tokens of an average hour of the day before.',
      look: [...logs],
      act: [
        'Find the client or the prompt that causes it; a stolen key shows as traffic nobody knows: [Rotate a secret](#rotate-a-secret).',
      ],
    },
    CostOverBudget: {
      meaning: 'The tokens of the last 24 hours cost more than `observability.cost.perDay`.',
      look: [...logs],
      act: ['As TokensSurge. The provider’s own console tells what was really billed.'],
    },
  };
}
