import type { Artifact } from '../../artifacts/artifact.ts';
import { backupOf } from '../../model/backup.ts';
import { backupView } from '../backup-view.ts';
import type { Target } from '../target.ts';

const SCRIPTS = ['backup.sh', 'restore.sh', 'rehearse.sh', 'install.sh'];
const SCHEDULES = ['cron', 'service', 'timer'];

export const backup: Target = {
  id: 'backup',
  title: 'Backup, restore and its rehearsal, with a timer and a cron job',
  applies: model => model.database !== undefined && model.targets.backup !== undefined,
  render: (model, engine) => {
    const plan = backupOf(model);
    if (!plan) return [];
    const view = backupView(model, plan);
    const artifact = (file: string, content: string): Artifact => ({
      path: `deploy/backup/${file}`,
      content,
      target: backup.id,
    });
    return [
      ...SCRIPTS.map(file => ({ ...artifact(file, engine.render(`backup/${file}`, view)), mode: 0o755 })),
      ...SCHEDULES.map(end => artifact(`${plan.unit}.${end}`, engine.render(`backup/backup.${end}`, view))),
    ];
  },
};
