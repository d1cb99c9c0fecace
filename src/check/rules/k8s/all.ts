import type { Rule } from '../../rule.ts';
import { danglingSelector } from './dangling-selector.ts';
import { disruption } from './disruption.ts';
import { hpaOwnsReplicas } from './hpa-owns-replicas.ts';
import { hpaSignal } from './hpa-signal.ts';
import { ingress } from './ingress.ts';
import { invalidObject } from './invalid.ts';
import { livenessOnDependencies } from './liveness-on-dependencies.ts';
import { missingReference } from './missing-reference.ts';
import { namespace } from './namespace.ts';
import { netpolEgress } from './netpol-egress.ts';
import { netpolIngress } from './netpol-ingress.ts';
import { probes } from './probes.ts';

export const K8S: readonly Rule[] = [
  danglingSelector,
  disruption,
  hpaOwnsReplicas,
  hpaSignal,
  ingress,
  invalidObject,
  livenessOnDependencies,
  missingReference,
  namespace,
  netpolEgress,
  netpolIngress,
  probes,
];
