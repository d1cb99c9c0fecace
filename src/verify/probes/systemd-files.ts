import type { Artifact } from '../../artifacts/artifact.ts';
import type { Probe } from '../probe.ts';
import { lookAtFiles, type UnitFile } from '../systemd/files.ts';
import { onMachines } from '../systemd/machines.ts';

const UNIT = /^deploy\/systemd\/((?:[^/]+\.(?:service|timer))(?:\.d\/[^/]+\.conf)?)$/;

export const systemdFiles: Probe<UnitFile> = {
  id: 'systemd-files',
  title: 'the unit files on the host are those that were rendered, and systemd has read them',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine }) =>
      deployment.artifacts.flatMap(artifact => {
        const file = installedAs(artifact);
        if (file === undefined) return [];
        const installed = `/etc/systemd/system/${file}`;
        const data = { machine, path: artifact.path, installed, content: artifact.content };
        return [{ subject: file, name: `${installed} is ${artifact.path}`, data }];
      }),
    ),
  observe: ({ data }, { signal }) => lookAtFiles(data, signal),
};

const installedAs = ({ path }: Artifact): string | undefined => UNIT.exec(path)?.[1];
