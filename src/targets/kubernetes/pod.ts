import { certificateName } from '../../model/cluster.ts';
import type { Model, Service } from '../../model/model.ts';
import { CERTIFICATES, containerOf, FILES, TEMPORARY } from './container.ts';
import { gpuNodes } from './gpu.ts';
import { filesName, labelsOf } from './names.ts';
import { bytes, diskOf } from './resources.ts';
import { podSecurity } from './security.ts';
import { spread } from './spread.ts';

/** 0440: JSON has no octal numbers. The files are root's, and their group is the program's. */
const GROUP_READS = 0o440;

/** The pod of a service: what a Deployment, a StatefulSet and a CronJob start alike. */
export function podOf(model: Model, service: Service): { metadata: object; spec: object } {
  return {
    metadata: { labels: labelsOf(model, service) },
    spec: {
      serviceAccountName: service.unit,
      automountServiceAccountToken: false,
      // Variables for every Service of the namespace would be there else.
      enableServiceLinks: false,
      priorityClassName: model.targets.kubernetes?.priorityClass,
      securityContext: podSecurity(
        service.user,
        service.volumes.length > 0 || service.grpc?.certificates !== undefined,
      ),
      terminationGracePeriodSeconds: graceOf(service),
      ...spread(service),
      ...gpuNodes(model, service),
      containers: [containerOf(model, service)],
      volumes: volumesOf(service),
    },
  };
}

/** preStop counts inside it, and only those who are sent requests have one. */
const graceOf = ({ kind, timing }: Service): number => (kind === 'http' ? timing.grace : timing.stop) / 1_000;

const volumesOf = (service: Service): object[] => [
  { name: TEMPORARY, emptyDir: { sizeLimit: bytes(diskOf(service.capacity)) } },
  ...(service.files.length > 0 ? [{ name: FILES, configMap: { name: filesName(service) } }] : []),
  ...(service.grpc?.certificates
    ? [{ name: CERTIFICATES, secret: { secretName: certificateName(service), defaultMode: GROUP_READS } }]
    : []),
];
