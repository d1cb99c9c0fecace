import type { Probe } from '../probe.ts';
import { instancesOf, onMachines } from '../systemd/machines.ts';
import { lookAtPorts, type Port } from '../systemd/ports.ts';

export const hostPorts: Probe<Port> = {
  id: 'host-ports',
  title: 'the ports belong to the units that should have them, and to nobody else',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine, host }) =>
      instancesOf(host)
        .filter(({ own }) => own.service.kind === 'http')
        .flatMap(({ instance: { unit, port, metricsPort, grpcPort } }) =>
          [...new Set([port, metricsPort, grpcPort])].flatMap(each =>
            each === undefined
              ? []
              : [
                  {
                    subject: String(each),
                    name: `port ${each} is of ${unit}`,
                    data: { machine, unit, port: each },
                  },
                ],
          ),
        ),
    ),
  observe: ({ data }, { signal }) => lookAtPorts(data, signal),
};
