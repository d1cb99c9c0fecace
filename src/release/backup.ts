import { type Command, command } from '../exec/command.ts';
import { type Backup, backupOf } from '../model/backup.ts';
import type { Model } from '../model/model.ts';
import type { Machine } from '../platforms/machine.ts';
import { typed } from '../platforms/systemd/as-root.ts';
import { runOnHost } from './host-step.ts';
import type { Control, Step, StepEnd } from './strategy.ts';

/** Ended well, but for the copy that was to go elsewhere. */
const NOT_COPIED = 3;

/**
 * The script that install.sh put in place, else that of the release. Backups belong to an account of their own, which
 * root becomes: who may deploy without being root, as with Compose, asks sudo for this one command.
 */
const FIRST = [
  'for folder in "$2" "$3"; do if [ -x "$folder/$0" ]; then dir=${BACKUP_DIR:-$1}; shift 3',
  'if [ "$(id -u)" = 0 ] || [ ! -e "$dir" ] || [ -w "$dir" ]; then exec "$folder/$0" "$@"; fi',
  'command -v sudo >/dev/null || { echo "sudo: $dir belongs to another account, and there is no sudo" >&2; exit 1; }',
  'exec sudo -n "$folder/$0" "$@"; fi; done; exit 127',
].join('; ');

const scriptOf = (plan: Backup, released: string, script: string, ...args: string[]): Command =>
  command('sh', '-c', FIRST, script, plan.database.backup.dir, plan.scripts, released, ...args);

/** `released` holds the scripts of the release; undefined where no backup is configured. */
export function backupStep(machine: Machine, model: Model, released: string): Step | undefined {
  const plan = planned(model);
  if (!plan) return undefined;
  const wanted = scriptOf(plan, released, 'backup.sh', '--reason', 'pre-deploy');
  return {
    title: `back up the database ${plan.database.name} on ${machine.name}`,
    command: typed(machine, command(`${plan.scripts}/backup.sh`, '--reason', 'pre-deploy')),
    async perform(control) {
      const outcome = await machine.run(wanted, { signal: control.signal, timeout: 12 * 3_600_000 });
      const name = outcome.stdout.trim().split('\n').at(-1) ?? '';
      if (outcome.status === 'ok' || (outcome.exitCode === NOT_COPIED && name !== '')) {
        const size = /: (\d+) bytes/.exec(outcome.stderr)?.[1];
        const alone = outcome.status === 'ok' ? '' : ', not copied off this machine';
        return {
          status: 'done',
          note: `${plan.database.backup.dir}/${name}.dump${size ? `, ${size} bytes` : ''}${alone}`,
        };
      }
      return noBackup(machine, plan, outcome.stderr.trim(), outcome.message, outcome.exitCode);
    },
  };
}

/** Not the release's fault: nothing of it was tried. */
function noBackup(machine: Machine, plan: Backup, said: string, message: string, code?: number): StepEnd {
  const missing = code === 127 || code === undefined;
  const lines = said.split('\n').filter(line => !/no backup was made/.test(line));
  const why = missing ? `${plan.scripts}/backup.sh is not there` : lines.at(-1) || message;
  const refused = /^sudo: /m.test(said);
  const works = refused
    ? `deploy as root, or allow this user \`sudo -n ${plan.scripts}/backup.sh\` in sudoers, without a password`
    : `make ${plan.scripts}/backup.sh work there`;
  return {
    status: 'obstructed',
    obstacle: {
      why: `no backup before the migrations: ${machine.name}: ${why}`,
      next: missing ? `install it there: sudo deploy/backup/install.sh` : works,
    },
  };
}

/** Who may stop and start what writes to the database. */
export interface Writers {
  stop(control: Control): Promise<StepEnd>;
  start(control: Control): Promise<StepEnd>;
}

/** The services stay down until the rollback that follows starts them; they come back where the restore fails. */
export function restoreStep(
  machine: Machine,
  model: Model,
  released: string,
  backup: string,
  writers: Writers,
): Step {
  const plan = planned(model);
  const restore = plan && ((flag: string) => scriptOf(plan, released, 'restore.sh', backup, flag));
  return {
    title: `restore the database from ${backup}, with a dump of what is there first`,
    command: plan && typed(machine, command(`${plan.scripts}/restore.sh`, backup)),
    async perform(control) {
      if (!restore) return { status: 'failed', cause: 'no backup is configured: targets.backup' };
      // Nobody is stopped for a backup that is missing or damaged.
      const sound = await runOnHost(machine, restore('--dry-run'), control);
      if (sound.status !== 'done') return sound;
      const stopped = await writers.stop(control);
      if (stopped.status !== 'done') return stopped;
      const end = await runOnHost(machine, restore('--yes'), control, ({ stderr }) =>
        stderr.trim().split('\n').at(-1),
      );
      if (end.status !== 'done') await writers.start(control);
      return end;
    },
  };
}

const planned = (model: Model): Backup | undefined =>
  model.targets.backup === undefined ? undefined : backupOf(model);
