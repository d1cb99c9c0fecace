import { parse } from 'yaml';
import { type Machine, machineOf } from '../../platforms/machine.ts';
import { ASKING } from '../asking.ts';
import type { Deployment } from '../deployment.ts';
import type { Flags, ProbeSpec } from '../probe.ts';

/** A service of the rendered compose file, companions such as `db` and `migrate` too. */
export interface ComposeService {
  readonly machine: Machine;
  readonly project: string;
  readonly service: string;
  readonly image: string;
  readonly replicas: number;
  /** Ends with 0 and stays ended, such as a migration. */
  readonly task: boolean;
}

interface Rendered {
  readonly services: Readonly<
    Record<string, { image?: string; restart?: string; profiles?: string[]; deploy?: { replicas?: number } }>
  >;
}

export const PRODUCTION_FILE = 'compose.prod.yaml';

/** Once for each service of the file and machine; what is started by hand alone is left out. */
export function composeServices(deployment: Deployment, flags: Flags): ComposeService[] {
  const { model, artifacts } = deployment;
  const file = artifacts.find(({ path }) => path === PRODUCTION_FILE);
  if (flags.platform !== 'compose' || !model || !file) return [];
  const { services } = parse(file.content) as Rendered;
  const machines = flags.hosts.length > 0 ? flags.hosts.map(machineOf) : [machineOf(undefined)];
  return machines.flatMap(machine =>
    Object.entries(services)
      .filter(([, { profiles }]) => profiles === undefined)
      .map(([service, { image = '', restart, deploy }]) => ({
        machine,
        project: model.name,
        service,
        image,
        replicas: deploy?.replicas ?? 1,
        task: restart === 'no',
      })),
  );
}

export const composeSpec = (data: ComposeService, name: string): ProbeSpec<ComposeService> => ({
  subject: [data.machine.host, data.service].filter(part => part !== undefined).join('/'),
  name,
  data,
  timeout: ASKING,
});

/** Built from this repository, with a version that the environment tells. */
export const takesTag = ({ image }: ComposeService): boolean => image.includes('${AIDEPLOY_TAG');
