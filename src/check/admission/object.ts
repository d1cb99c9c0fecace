import { type KubernetesObject, podTemplate } from '../../artifacts/kubernetes/object.ts';
import { at, itemsOf, type YamlMap } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { ingressFaults } from './ingress.ts';
import { metadataFaults, nameFaults } from './names.ts';
import { autoscalerFaults, budgetFaults, claimFaults, dataFaults, policyFaults } from './others.ts';
import { podFaults } from './pod.ts';
import { serviceFaults } from './service.ts';
import { workloadFaults } from './workload.ts';

type Judge = (root: YamlMap) => readonly Fault[];

const JUDGES: Readonly<Record<string, Judge>> = {
  'autoscaling/v2 HorizontalPodAutoscaler': autoscalerFaults,
  'networking.k8s.io/v1 Ingress': ingressFaults,
  'networking.k8s.io/v1 NetworkPolicy': policyFaults,
  'policy/v1 PodDisruptionBudget': budgetFaults,
  'v1 ConfigMap': dataFaults,
  'v1 PersistentVolumeClaim': claimFaults,
  'v1 Secret': dataFaults,
  'v1 Service': serviceFaults,
};

/** What the API server refuses in an object of a kind that it knows, beyond the schema of the kind. */
export function admissionFaults(object: KubernetesObject): readonly Fault[] {
  const { apiVersion, kind, root } = object;
  const id = `${apiVersion} ${kind}`;
  const own = Object.hasOwn(JUDGES, id) ? JUDGES[id] : undefined;
  const template = /^(?:v1|apps\/v1|batch\/v1)$/.test(apiVersion) ? podTemplate(object) : undefined;
  return [
    ...nameFaults(object),
    ...metadataFaults(at(root, 'metadata')),
    ...(own?.(root) ?? []),
    ...(template ? workloadFaults(object) : []),
    ...(template ? podFaults(template, itemsOf(at(root, 'spec', 'volumeClaimTemplates'))) : []),
  ];
}
