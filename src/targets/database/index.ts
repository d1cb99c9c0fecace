import type { Target } from '../target.ts';
import { databaseView } from './view.ts';

const FILES = ['roles.sql', 'check.sql', 'tuning.sql'];

export const database: Target = {
  id: 'database',
  title: 'Roles and privileges in SQL, a check of them, and what makes the database quick',
  applies: model => model.database !== undefined,
  render: (model, engine) => {
    const view = databaseView(model);
    if (!view) return [];
    return FILES.map(file => ({
      path: `deploy/database/${file}`,
      content: engine.render(`database/${file}`, view),
      target: database.id,
    }));
  },
};
