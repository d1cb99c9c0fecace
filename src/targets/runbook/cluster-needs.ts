import { isStateful } from '../../model/cluster.ts';
import { type Model, servicesOf } from '../../model/model.ts';
import { shellWord } from '../../render/escape/shell.ts';

/** Commands that answer where the cluster has what our objects ask for, and that no deploy installs. */
export function clusterNeeds(model: Model): string[] {
  const { kubernetes } = model.targets;
  if (!kubernetes) return [];
  const carried = servicesOf(model, 'kubernetes').filter(({ kind }) => kind !== 'job');
  const crd = (name: string) => `kubectl get customresourcedefinition ${name}`;
  const monitored = kubernetes.monitor ? carried.filter(({ metrics }) => metrics?.port !== undefined) : [];
  return [
    ...exposing(model),
    ...(carried.some(({ capacity }) => capacity.scale.kind === 'auto')
      ? ['kubectl get apiservice v1beta1.metrics.k8s.io']
      : []),
    ...(monitored.some(service => !isStateful(service))
      ? [crd('servicemonitors.monitoring.coreos.com')]
      : []),
    ...(monitored.some(isStateful) ? [crd('podmonitors.monitoring.coreos.com')] : []),
  ];
}

function exposing(model: Model): string[] {
  const expose = model.targets.kubernetes?.expose;
  const isPublic = servicesOf(model, 'kubernetes').some(({ publicPath }) => publicPath !== undefined);
  if (!isPublic || expose === undefined || expose.kind === 'none') return [];
  const issuer = expose.issuer ? [`kubectl get clusterissuer ${shellWord(expose.issuer)}`] : [];
  if (expose.kind === 'ingress') return [`kubectl get ingressclass ${expose.class}`, ...issuer];
  const [name = '', namespace = model.namespace] = expose.gateway.split('/').reverse();
  return [`kubectl --namespace ${shellWord(namespace)} get gateway ${shellWord(name)}`, ...issuer];
}

/** How `kubectl` comes to the cluster that the configuration names. */
export function clusterLogin({ targets }: Model): string | undefined {
  const gke = targets.kubernetes?.gke;
  return (
    gke &&
    `gcloud container clusters get-credentials ${shellWord(gke.cluster)} --location ${shellWord(gke.location)} --project ${shellWord(gke.project)}`
  );
}
