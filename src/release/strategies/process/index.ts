import { join } from 'node:path';
import { isBuilt } from '../../../model/model.ts';
import { machineOf } from '../../../platforms/machine.ts';
import { running, stop } from '../../../platforms/process/children.ts';
import { hostStore } from '../../store/host.ts';
import type { Goal, MakeStrategy, Step, Strategy } from '../../strategy.ts';
import { awaitReady, commandOf, type Runnable, replace } from './service.ts';
import { sourcesOf } from './sources.ts';

/**
 * Plain child processes on this machine, for the demo and for tests: no supervisor, no copy beside another, but the
 * same record, lock and way back as everywhere. A service is away while one release ends and the other starts.
 */
export const makeProcess: MakeStrategy = async ({ model, root }) => {
  const folder = join(root, '.aideploy', 'process');
  const services = model.services.filter(isBuilt);
  const foreign = services.find(({ source }) => source.language === 'go') ?? services.at(0);
  if (!foreign || foreign.source.language === 'go')
    return {
      obstacle: {
        why: 'a plain process is run by an interpreter: Node or Python',
        next: 'deploy it to another platform',
      },
    };
  const runnables: Runnable[] = services.map(service => ({ service, kept: { folder, name: service.unit } }));
  const store = hostStore(machineOf(undefined), folder);
  const steps = ({ release }: Goal): Step[] =>
    runnables.flatMap((runnable): Step[] => {
      const cwd = join(folder, release.id, 'files', runnable.service.source.context);
      const wanted = commandOf(model, runnable.service, release, cwd);
      const { unit } = runnable.service;
      return [
        {
          title: `start ${unit} of ${release.id}`,
          command: wanted && [wanted.program, ...wanted.args].join(' '),
          perform: async () =>
            wanted
              ? replace(runnable, wanted, release)
              : { status: 'failed', cause: `${unit}: a plain process is run by Node or Python` },
        },
        {
          title: `wait until ${unit} is ready`,
          command: undefined,
          perform: control => awaitReady(runnable, control),
        },
      ];
    });
  const strategy: Strategy = {
    platform: 'process',
    store,
    async inspect() {
      const children = await Promise.all(runnables.map(({ kept }) => running(kept)));
      const labels = new Set(children.map(child => child?.label));
      const [label] = labels;
      return {
        value: { current: labels.size === 1 ? label : undefined, empty: children.every(child => !child) },
      };
    },
    async content() {
      const { value: files, obstacle } = await sourcesOf(root, services);
      if (obstacle) return { obstacle };
      return { value: { images: {}, checksums: {}, secrets: {}, files } };
    },
    backup: () => undefined,
    deploy: steps,
    rollback: steps,
    restore: () => [],
    forget: () => undefined,
    notReverted: [],
  };
  return { value: strategy };
};

/** Ends what a deploy started; nothing else would. */
export async function endProcesses(root: string, units: readonly string[], grace: number): Promise<void> {
  const folder = join(root, '.aideploy', 'process');
  await Promise.all(units.map(name => stop({ folder, name }, grace)));
}
