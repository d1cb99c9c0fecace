import { command } from '../../exec/command.ts';
import { CALM } from '../../platforms/calm.ts';
import type { Machine } from '../../platforms/machine.ts';
import { ask } from '../../platforms/systemd/machine-facts.ts';
import { lastWords, type Properties, showUnit } from '../../platforms/systemd/show.ts';
import { blocked } from '../asking.ts';
import { type Difference, fail, type Observation, pass } from '../probe.ts';

export interface Unit {
  readonly machine: Machine;
  readonly unit: string;
  /** Started by its timer or by hand, and over soon after: what counts is how the last run ended. */
  readonly job: boolean;
}

const NAMES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'NRestarts',
  'UnitFileState',
  'ExecMainStatus',
  'ActiveEnterTimestampMonotonic',
];

export async function lookAtUnit({ machine, unit, job }: Unit, signal: AbortSignal): Promise<Observation> {
  const { value, obstacle } = await showUnit(machine, unit, NAMES, { signal });
  if (obstacle) return blocked(obstacle, `${unit} to be looked at`);
  const lately = Number(value['NRestarts'] ?? 0) > 0 && (await isRecent(machine, value, signal));
  const trouble = troubleOf(unit, value, job, lately);
  const row = { kind: 'unit', name: unit, state: `${value['ActiveState']} (${value['SubState']})` };
  if (!trouble)
    return pass(
      job
        ? `the last run of ${unit} ended well`
        : `${unit} is active and enabled, and was not restarted lately`,
      {
        rollout: [{ ...row, good: true }],
      },
    );
  const said = value['LoadState'] === 'loaded' ? await lastWords(machine, unit, { signal }) : [];
  const observed =
    said.length > 0 ? `${trouble.observed}; it said last: ${said.join(' / ')}` : trouble.observed;
  return fail({ ...trouble, observed, detail: { rollout: [{ ...row, good: false, notes: said }] } });
}

/** Systemd counts restarts since somebody started the unit; only a unit that came back a moment ago is in trouble. */
async function isRecent(machine: Machine, properties: Properties, signal: AbortSignal): Promise<boolean> {
  const { value } = await ask(machine, command('cat', '/proc/uptime'), { signal });
  const up = Number(value?.split(' ')[0]) * 1_000;
  const since = Number(properties['ActiveEnterTimestampMonotonic']) / 1_000;
  return !(up - since > CALM);
}

function troubleOf(
  unit: string,
  properties: Properties,
  job: boolean,
  lately: boolean,
): Difference | undefined {
  const {
    LoadState,
    ActiveState = '',
    SubState,
    Result,
    NRestarts = '0',
    UnitFileState,
    ExecMainStatus,
  } = properties;
  const journal = `journalctl -u ${unit} -n 50`;
  if (LoadState !== 'loaded')
    return {
      observed: `${unit} is ${LoadState}`,
      expected: 'the unit that was rendered',
      next: 'run install.sh and deploy.sh of deploy/systemd',
    };
  if (SubState === 'auto-restart')
    return {
      observed: `${unit} ends and is restarted again and again (${Result}, exit code ${ExecMainStatus})`,
      expected: 'a program that stays',
      next: journal,
    };
  if (job && Result === 'success') return undefined;
  if (job)
    return { observed: `the last run of ${unit} ended with ${Result}`, expected: 'success', next: journal };
  if (ActiveState !== 'active')
    return {
      observed: `${unit} is ${ActiveState} (${Result}, exit code ${ExecMainStatus})`,
      expected: 'active',
      next: `${journal}; then systemctl start ${unit}`,
    };
  if (lately)
    return {
      observed: `${unit} was restarted ${NRestarts} times, the last time just now`,
      expected: 'no restart',
      next: journal,
    };
  if (UnitFileState !== 'enabled' && UnitFileState !== 'enabled-runtime')
    return {
      observed: `${unit} is ${UnitFileState || 'not enabled'}: it would not start at boot`,
      expected: 'enabled',
      next: `systemctl enable ${unit}`,
    };
  return undefined;
}
