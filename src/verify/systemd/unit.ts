import type { Machine } from '../../platforms/machine.ts';
import { lastWords, type Properties, showUnit } from '../../platforms/systemd/show.ts';
import { blocked } from '../asking.ts';
import { type Difference, fail, type Observation, pass } from '../probe.ts';

export interface Unit {
  readonly machine: Machine;
  readonly unit: string;
  /** Started by its timer, and over soon after. */
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
  'MainPID',
];

export async function lookAtUnit({ machine, unit, job }: Unit, signal: AbortSignal): Promise<Observation> {
  const { value, obstacle } = await showUnit(machine, unit, NAMES, { signal });
  if (obstacle) return blocked(obstacle, `${unit} to be looked at`);
  const trouble = troubleOf(unit, value, job);
  const row = { kind: 'unit', name: unit, state: `${value['ActiveState']} (${value['SubState']})` };
  if (!trouble)
    return pass(`${unit} is ${value['ActiveState']}, enabled, and was not restarted`, {
      rollout: [{ ...row, good: true }],
    });
  const said = value['LoadState'] === 'loaded' ? await lastWords(machine, unit, { signal }) : [];
  const observed =
    said.length > 0 ? `${trouble.observed}; it said last: ${said.join(' / ')}` : trouble.observed;
  return fail({ ...trouble, observed, detail: { rollout: [{ ...row, good: false, notes: said }] } });
}

function troubleOf(unit: string, properties: Properties, job: boolean): Difference | undefined {
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
  if (job && Result !== undefined && Result !== 'success')
    return { observed: `the last run of ${unit} ended with ${Result}`, expected: 'success', next: journal };
  if (ActiveState !== 'active' && !(job && unit.endsWith('.service')))
    return {
      observed: `${unit} is ${ActiveState} (${Result}, exit code ${ExecMainStatus})`,
      expected: 'active',
      next: `${journal}; then systemctl start ${unit}`,
    };
  if (Number(NRestarts) > 0)
    return {
      observed: `${unit} was restarted ${NRestarts} times since it was started`,
      expected: 'no restart',
      next: journal,
    };
  if (!job && UnitFileState !== 'enabled' && UnitFileState !== 'enabled-runtime')
    return {
      observed: `${unit} is ${UnitFileState || 'not enabled'}: it would not start at boot`,
      expected: 'enabled',
      next: `systemctl enable ${unit}`,
    };
  return undefined;
}
