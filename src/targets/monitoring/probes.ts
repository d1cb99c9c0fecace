import type { Monitoring, Watched } from '../../model/monitoring.ts';
import { type Job, listening } from './job.ts';

export function probeJobs(monitoring: Monitoring): Job[] {
  const { services, tools } = monitoring;
  const job = (
    probe: string,
    notes: string[],
    targets: (each: Watched) => readonly (string | undefined)[],
  ): Job[] => {
    const static_configs = services
      .map(each => ({
        targets: targets(each).filter(target => target !== undefined),
        service: each.service.unit,
      }))
      .filter(each => each.targets.length > 0)
      .map(each => ({ targets: each.targets, labels: { service: each.service, probe } }));
    if (static_configs.length === 0) return [];
    return [
      { notes, config: { job_name: `probe/${probe}`, ...probed(probe, tools.blackbox), static_configs } },
    ];
  };
  const notes = [
    `blackbox_exporter --config.file=blackbox.yml --web.listen-address=${listening(monitoring, 'blackbox')}`,
  ];
  const outside = [
    'As clients reach it: name, certificate, proxy. Better asked from another machine or network.',
  ];
  return [
    ...job('health', ['Whether each can take requests.', ...notes], each => each.probes),
    ...job('grpc', notes, each => each.grpc),
    ...job('public', [...outside, ...notes], each => [each.publicProbe]),
  ];
}

const probed = (module: string, address: string): object => ({
  metrics_path: '/probe',
  params: { module: [module] },
  relabel_configs: [
    { source_labels: ['__address__'], target_label: '__param_target' },
    { source_labels: ['__param_target'], target_label: 'instance' },
    { target_label: '__address__', replacement: address },
  ],
});
