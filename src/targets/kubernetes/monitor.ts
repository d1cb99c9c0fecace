import { isStateful } from '../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { labelsOf, selector } from './names.ts';
import type { Manifest } from './object.ts';
import { metricsPortName } from './ports.ts';

const INTERVAL = '30s';

/** For prometheus-operator. A StatefulSet has two Services, and would be scraped twice through them. */
export const monitor = (model: Model): Manifest[] =>
  model.targets.kubernetes?.monitor === false
    ? []
    : servicesOf(model, 'kubernetes')
        .filter(service => service.kind !== 'job' && metricsPortName(service) !== undefined)
        .map(service => ({
          file: service.key,
          object: {
            apiVersion: 'monitoring.coreos.com/v1',
            kind: isStateful(service) ? 'PodMonitor' : 'ServiceMonitor',
            metadata: { name: service.unit, labels: labelsOf(model, service) },
            spec: {
              // Alerts and dashboards know it by this name.
              jobLabel: 'app.kubernetes.io/name',
              selector: { matchLabels: selector(service.unit) },
              [isStateful(service) ? 'podMetricsEndpoints' : 'endpoints']: [endpointOf(service)],
            },
          },
        }));

const endpointOf = (service: Service): object => ({
  port: metricsPortName(service),
  path: service.metrics?.path,
  interval: INTERVAL,
  relabelings: [
    { sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'instance' },
    { targetLabel: 'service', replacement: service.unit },
  ],
});
