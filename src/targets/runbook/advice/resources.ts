import type { Model } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { type Advice, commands } from './advice.ts';

type Resources =
  | 'MemoryHigh'
  | 'CpuHigh'
  | 'HostMemoryHigh'
  | 'HostCpuHigh'
  | 'DiskFull'
  | 'DiskFillsSoon'
  | 'VolumeFull';

export function resources(model: Model): Record<Resources, Advice> {
  const { usage } = commands(model);
  const { namespace } = model;
  const disk = [
    'df --human-readable',
    'sudo du --one-file-system --human-readable --max-depth=2 / | sort --human-numeric-sort | tail -20',
  ];
  return {
    MemoryHigh: {
      meaning: 'Near its limit; at the limit the kernel kills it, and open requests are lost.',
      look: usage,
      act: [
        'If it grows without more traffic, it leaks: restart it now, one copy after the other. Else raise `resources.memory.limit`, render and deploy.',
      ],
    },
    CpuHigh: {
      meaning: 'Near its limit; at the limit it is slowed down and answers late.',
      look: usage,
      act: ['[Scale](#scale), or raise `resources.cpu.limit`, render and deploy.'],
    },
    HostMemoryHigh: {
      meaning: 'The machine itself is short of memory.',
      look: ['free --human', 'ps -eo pid,user,rss,comm --sort=-rss | head -15'],
      act: ['End what does not belong there; then give the machine more, or move a service.'],
    },
    HostCpuHigh: {
      meaning: 'The machine itself is short of CPU.',
      look: ['uptime', 'ps -eo pid,user,pcpu,comm --sort=-pcpu | head -15'],
      act: ['End what does not belong there; then give the machine more, or move a service.'],
    },
    DiskFull: {
      meaning: 'Soon nothing can be written: the database stops, backups fail, logs are lost.',
      look: disk,
      act: [
        'Old images: `docker image prune --all --force --filter until=168h`. Old journals: `sudo journalctl --vacuum-size=500M`. Backups are deleted by `backup.sh` alone.',
      ],
    },
    DiskFillsSoon: {
      meaning: 'At the pace of the last hours the disk is full within a day.',
      look: disk,
      act: ['Find what grows, and see DiskFull.'],
    },
    VolumeFull: {
      meaning: 'A volume of the cluster is nearly full.',
      look: [`kubectl --namespace ${shellWord(namespace)} get persistentvolumeclaims`],
      act: ['If its storage class allows it, enlarge the claim; else free space inside of it.'],
    },
  };
}
