import { workloadKind } from '../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import type { Answer } from '../../platforms/answer.ts';
import type { Cluster } from '../../platforms/kubernetes/cluster.ts';
import type { Deployment } from '../deployment.ts';
import type { Flags, ProbeSpec } from '../probe.ts';

/** One service as Kubernetes holds it. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly service: Service;
}

/** Several questions to an API server that may be far away. */
export const ASKING_CLUSTER = 20_000;

/** Once for each service that stays: jobs come and go. */
export const workloadsOf = ({ model }: Deployment, { platform }: Flags): Workload[] =>
  platform === 'kubernetes' && model
    ? servicesOf(model, 'kubernetes')
        .filter(({ kind }) => kind !== 'job')
        .map(service => workloadOf(model, service))
    : [];

const workloadOf = ({ namespace }: Model, service: Service): Workload => ({
  namespace,
  name: service.unit,
  kind: workloadKind(service),
  service,
});

export const clusterSpec = (data: Workload, name: string): ProbeSpec<Workload> => ({
  subject: data.service.key,
  name,
  data,
  timeout: ASKING_CLUSTER,
});

/** The client is large: only who asks a cluster pays for it. */
export async function reach(): Promise<Answer<Cluster>> {
  const { connect } = await import('../../platforms/kubernetes/cluster.ts');
  return connect();
}

export const workloadPath = ({ namespace, name, kind }: Workload): string =>
  `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
