import { join } from 'node:path';
import { command } from '../../../exec/command.ts';
import { type Host, hostOf } from '../../../model/host.ts';
import type { Model } from '../../../model/model.ts';
import { type Machine, machineOf } from '../../../platforms/machine.ts';
import { asRoot } from '../../../platforms/systemd/as-root.ts';
import { backupStep, restoreStep, type Writers } from '../../backup.ts';
import { checksumsOf } from '../../checksums.ts';
import { runOnHost } from '../../host-step.ts';
import { sourceFiles } from '../../source-files.ts';
import { standingOf } from '../../standing.ts';
import { hostStore } from '../../store/host.ts';
import { mirrored } from '../../store/mirrored.ts';
import type { MakeStrategy, StepEnd, Strategy } from '../../strategy.ts';
import { ELSEWHERE } from './build.ts';
import { lookAt } from './inspect.ts';
import { back, bring, phase } from './steps.ts';

const TO_LOG_IN = 60_000;

/**
 * Hosts with systemd, one after the other, by the scripts that are rendered for them: the first that fails stops the
 * rest. The record is kept beside the programs on each, as the scripts keep it when a person runs them.
 */
export const makeSystemd: MakeStrategy = async ({ model, root, hosts, build }) => {
  if (!model.targets.systemd)
    return { obstacle: { why: 'aideploy.yaml has no targets.systemd', next: 'add it, and render' } };
  const machines: Machine[] = [];
  for (const at of hosts.length > 0 ? hosts : [undefined]) {
    const { value, obstacle } = await asRoot(machineOf(at), AbortSignal.timeout(TO_LOG_IN));
    if (obstacle) return { obstacle };
    machines.push(value);
  }
  const [first, ...others] = machines;
  if (!first) throw new Error('a deploy without a host');
  return { value: strategyOf(model, root, join(root, build), first, others) };
};

function strategyOf(
  model: Model,
  root: string,
  build: string,
  first: Machine,
  others: readonly Machine[],
): Strategy {
  const host = hostOf(model);
  const machines = [first, ...others];
  const storeOn = (machine: Machine) => hostStore(machine, host.releases);
  const store = mirrored(storeOn(first), others.map(storeOn));
  return {
    platform: 'systemd',
    store,
    async inspect(signal) {
      const seen = [];
      for (const machine of machines) {
        const { value, obstacle } = await lookAt(machine, host, model.name, signal);
        if (obstacle) return { obstacle };
        seen.push(value);
      }
      const releases = await store.releases(signal);
      return releases.obstacle ? releases : { value: standingOf(seen, releases.value) };
    },
    async content(tag) {
      const sums = await checksumsOf(build, tag, ELSEWHERE);
      if (sums.obstacle) return sums;
      const services = host.services.map(({ service }) => service);
      const files = await sourceFiles(root, services, 0o640);
      if (files.obstacle) return files;
      return { value: { images: {}, checksums: sums.value, secrets: {}, files: files.value } };
    },
    backup: ({ release: { id } }) => backupStep(first, model, `${host.releases}/${id}/files/deploy/backup`),
    deploy: goal => [
      ...machines.flatMap(machine => [
        bring(machine, host, build, goal),
        phase(machine, host, goal, 'prepare'),
      ]),
      // The database is one, however many hosts there are.
      ...(goal.migrate ? [phase(first, host, goal, 'migrate')] : []),
      ...machines.map(machine => phase(machine, host, goal, 'switch')),
    ],
    rollback: goal => machines.map(machine => back(machine, host, goal)),
    restore: backup => [
      restoreStep(first, model, `${host.current}/files/deploy/backup`, backup, writersOn(machines, host)),
    ],
    // The record's folder holds the programs, and goes with it.
    forget: () => undefined,
    notReverted: [
      `settings in ${host.config}`,
      'the proxy, the firewall and whatever else install.sh put there',
    ],
  };
}

function writersOn(machines: readonly Machine[], host: Host): Writers {
  const units = host.services.flatMap(({ instances }) => instances.map(({ unit }) => unit));
  const all = async (verb: string, control: Parameters<Writers['stop']>[0]): Promise<StepEnd> => {
    for (const machine of machines) {
      const end = await runOnHost(machine, command('systemctl', verb, ...units), control);
      if (end.status !== 'done') return end;
    }
    return { status: 'done' };
  };
  return { stop: control => all('stop', control), start: control => all('start', control) };
}
