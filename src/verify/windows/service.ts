import type { Machine } from '../../platforms/machine.ts';
import { queryService, taskState } from '../../platforms/windows/service.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';

export interface Unit {
  readonly machine: Machine;
  readonly name: string;
  /** Of a scheduled task; undefined for a service. */
  readonly folder: string | undefined;
}

export const lookAtService = (unit: Unit, signal: AbortSignal): Promise<Observation> =>
  unit.folder === undefined ? service(unit, signal) : task(unit, unit.folder, signal);

async function service({ machine, name }: Unit, signal: AbortSignal): Promise<Observation> {
  const expected = `a service ${name} that runs and starts by itself`;
  const { value, obstacle } = await queryService(machine, name, { signal });
  if (obstacle) return blocked(obstacle, expected);
  if (!value)
    return fail({
      observed: `there is no service ${name}`,
      expected,
      next: 'run install.cmd of deploy\\windows',
    });
  const { state, exitCode, automatic } = value;
  if (state !== 'RUNNING')
    return fail({
      observed: `${name} is ${state}${exitCode > 0 ? `, exit code ${exitCode}` : ''}`,
      expected,
      next: `sc.exe start ${name}, and its log`,
    });
  if (!automatic)
    return fail({
      observed: `${name} runs, but does not start with Windows`,
      expected,
      next: `sc.exe config ${name} start= auto`,
    });
  return pass(`${name} runs, and starts with Windows`);
}

async function task({ machine, name }: Unit, folder: string, signal: AbortSignal): Promise<Observation> {
  const expected = `a task ${folder}${name} that runs`;
  const { value, obstacle } = await taskState(machine, folder, name, { signal });
  if (obstacle) return blocked(obstacle, expected);
  if (value === 'Running') return pass(`${folder}${name} runs`);
  const next =
    value === undefined ? 'run install.cmd of deploy\\windows' : `schtasks /Run /TN ${folder}${name}`;
  return fail({
    observed: value === undefined ? `there is no task ${folder}${name}` : `${folder}${name} is ${value}`,
    expected,
    next,
  });
}
