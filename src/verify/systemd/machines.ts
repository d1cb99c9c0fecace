import { type Host, type HostService, hostOf, type Instance } from '../../model/host.ts';
import { type Machine, machineOf } from '../../platforms/machine.ts';
import { ASKING } from '../asking.ts';
import type { Deployment } from '../deployment.ts';
import type { Flags, ProbeSpec } from '../probe.ts';

/** A host that was rendered for, and how it is reached. */
interface OnMachine {
  readonly machine: Machine;
  readonly host: Host;
}

/** Once for each machine of --host, or for this one, where units run. */
export function onMachines<Data>(
  deployment: Deployment,
  flags: Flags,
  specs: (on: OnMachine) => readonly ProbeSpec<Data>[],
): ProbeSpec<Data>[] {
  const { model } = deployment;
  if (flags.platform !== 'systemd' || !model?.targets.systemd) return [];
  const host = hostOf(model);
  return onEveryMachine(deployment, flags, machine => specs({ machine, host }));
}

/** The same, where containers of Compose run too. */
export function onEveryMachine<Data>(
  { model }: Deployment,
  { platform, hosts }: Flags,
  specs: (machine: Machine) => readonly ProbeSpec<Data>[],
): ProbeSpec<Data>[] {
  if (!model || (platform !== 'systemd' && platform !== 'compose') || !model.targets[platform]) return [];
  const machines = hosts.length > 0 ? hosts.map(machineOf) : [machineOf(undefined)];
  return machines.flatMap(machine =>
    specs(machine).map(spec => ({ timeout: ASKING, ...spec, ...subjectOf(spec.subject, machine) })),
  );
}

function subjectOf(subject: string | undefined, { host }: Machine): { subject?: string } {
  const whole = [host, subject].filter(part => part !== undefined).join('/');
  return whole === '' ? {} : { subject: whole };
}

/** Every running copy of a service: what a unit is there for. */
export const instancesOf = ({ services }: Host): { own: HostService; instance: Instance }[] =>
  services.flatMap(own => own.instances.map(instance => ({ own, instance })));
