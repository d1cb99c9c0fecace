import type { Host } from '../../../model/host.ts';
import type { Service } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { type Platform, words } from './platform.ts';

export function systemd(host: Host): Platform {
  const chosen = (services: readonly Service[]) =>
    host.services.filter(each => services.some(({ key }) => key === each.service.key));
  const units = (services: readonly Service[]) =>
    chosen(services).flatMap(each => each.instances.map(({ unit }) => unit));
  const run = (command: (units: string) => string) => (services: readonly Service[]) =>
    units(services).length === 0 ? [] : [command(words(units(services)))];
  return {
    id: 'systemd',
    title: 'On a host with systemd',
    status: run(all => `systemctl status --no-pager ${all}`),
    logs: services =>
      chosen(services).flatMap(({ logFile, instances }) =>
        logFile === undefined
          ? instances.map(({ unit }) => `journalctl --no-pager -n 200 -u ${shellWord(unit)}`)
          : [`sudo tail -n 200 ${shellWord(logFile)}`],
      ),
    recent: services =>
      chosen(services).flatMap(({ logFile, instances }) =>
        logFile === undefined
          ? [
              `journalctl --no-pager --output cat --since -1h ${instances.map(({ unit }) => `-u ${shellWord(unit)}`).join(' ')}`,
            ]
          : [`sudo tail -n 20000 ${shellWord(logFile)}`],
      ),
    restart: run(all => `sudo systemctl restart ${all}`),
    stop: run(all => `sudo systemctl stop ${all}`),
    start: run(all => `sudo systemctl start ${all}`),
    usage: run(all => `systemctl show --property=Id,MemoryCurrent,MemoryMax,CPUUsageNSec,NRestarts ${all}`),
  };
}
