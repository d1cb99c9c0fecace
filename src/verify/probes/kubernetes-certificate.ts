import { type Exposed, lookAtCertificate } from '../kubernetes/certificate.ts';
import { ASKING_CLUSTER } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesCertificate: Probe<Exposed> = {
  id: 'kubernetes-certificate',
  title: 'the Ingress has a certificate for the domain, and it is renewed in time',
  plan: ({ model }, { platform }) => {
    const expose = model?.targets.kubernetes?.expose;
    if (platform !== 'kubernetes' || !model || expose?.kind !== 'ingress' || model.domain === undefined)
      return [];
    const { namespace, domain } = model;
    return [
      {
        name: `certificate of ${domain} in ${namespace}`,
        data: { namespace, domain },
        timeout: ASKING_CLUSTER,
      },
    ];
  },
  observe: ({ data }, { signal }) => lookAtCertificate(data, signal),
};
