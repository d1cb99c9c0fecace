import type { Target } from '../target.ts';
import { runbookView } from './view.ts';

export const runbook: Target = {
  id: 'runbook',
  title: 'The runbook: this service’s own commands, for whoever is on call',
  applies: () => true,
  render: (model, engine) => [
    {
      path: 'deploy/RUNBOOK.md',
      content: engine.render('runbook/RUNBOOK.md', runbookView(model)),
      target: runbook.id,
    },
  ],
};
