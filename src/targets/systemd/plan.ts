import type { Host } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';

/** The steps that --dry-run shows, as lines. */
export function plansOf(model: Model, host: Host, units: readonly string[], migrates: boolean) {
  const restarts = units.map(unit => `restart ${unit} and wait until it is ready`);
  const outages = outagesOf(host);
  const numbered = (lines: readonly string[]) => lines.map((line, i) => `${i + 1}. ${line}`);
  return {
    install: numbered([
      `account ${host.user}, by systemd-sysusers`,
      `directories ${host.dir}, ${host.config} and those of volumes, by systemd-tmpfiles`,
      `settings in ${host.config}, from the examples where there are none, mode 600`,
      'units to /etc/systemd/system, asked for by systemd-analyze verify, read and enabled; nothing is started',
      ...(model.observability.logs.forward ? ['log forwarding by rsyslog'] : []),
      ...(model.targets.systemd?.log === 'file' ? ['log rotation by logrotate'] : []),
    ]),
    deploy: [
      ...numbered([
        'compare the checksums of what is brought with those of its build',
        `make ${host.releases}/<version>, beside and renamed when it is whole`,
        ...(migrates ? ['run the migrations as the owner; when they fail nothing is switched'] : []),
        'put its files and units in place, and let systemd read them',
        `switch ${host.current} to it, by one rename`,
        ...restarts,
        `keep the last ${host.keepReleases} releases, the former one always`,
      ]),
      'when one is not ready: the same back to the former release, and exit 1',
      ...outages,
    ],
    rollback: [
      ...numbered([
        'put the files and units of that release in place, and let systemd read them',
        `switch ${host.current} to it, by one rename`,
        ...restarts,
      ]),
      ...outages,
      `not reverted: migrations of the database, settings in ${host.config}, data written since`,
    ],
  };
}

/** One instance is away while it drains and starts; of two, one always answers. */
function outagesOf(host: Host): string[] {
  const served = host.services.filter(({ service }) => service.kind === 'http');
  const lines = served
    .filter(({ instances }) => instances.length === 1)
    .map(
      ({ service }) =>
        `outage: ${service.unit} has one instance, which takes no requests for up to ${seconds(service.timing.drain)} of drain and its start; two instances behind a proxy have none`,
    );
  return lines.length > 0 ? lines : ['outage: none'];
}
