import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, entriesOf, entryOf, itemsOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { type Cluster, clustersOf, isProduction, titled } from '../../kubernetes/cluster.ts';
import { issuerOf } from '../../kubernetes/issuers.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const ingress: Rule = {
  id: 'k8s/ingress',
  severity: ['error', 'warning'],
  title: 'an Ingress without TLS, without a class, or whose certificate nobody issues',
  why: 'Without TLS keys, prompts and answers cross the internet in clear text. Without a class it depends on the cluster which controller takes the Ingress, or none does; and a certificate without an issuer is never made, so the controller shows its own.',
  fix: 'List the hosts under spec.tls with a Secret, name ingressClassName, and apply the Issuer that the annotation names.',
  fixable: 'no',
  example: {
    bad: 'rules: [{host: chat.example.com, ...}]',
    good: 'tls: [{hosts: [chat.example.com], secretName: chat-tls}]\nrules: [{host: chat.example.com, ...}]',
  },
  check: context =>
    clustersOf(context).flatMap(cluster =>
      cluster
        .of('Ingress')
        .filter(isProduction)
        .flatMap(each => [
          ...withoutTls(each),
          ...withoutClass(cluster, each),
          ...withoutIssuer(context, cluster, each),
        ]),
    ),
};

const annotationsOf = (object: KubernetesObject): ReadonlyMap<string, string> =>
  new Map(
    entriesOf(at(object.root, 'metadata', 'annotations')).map(({ key, value }) => [
      key.source,
      textOfNode(value) ?? '',
    ]),
  );

/** TLS ends before the controller, or is set up by an annotation of its own. */
const ELSEWHERE =
  /^(?:alb\.ingress\.kubernetes\.io\/(?:certificate-arn|scheme)|networking\.gke\.io\/managed-certificates|ingress\.gcp\.kubernetes\.io\/pre-shared-cert|kubernetes\.io\/ingress\.regional|traefik\.ingress\.kubernetes\.io\/router\.tls|appgw\.ingress\.kubernetes\.io\/appgw-ssl-certificate|haproxy\.org\/ssl|external-dns\.alpha\.kubernetes\.io\/cloudflare-proxied)/;
const PROXIES = /cloudflare|tailscale|ngrok|internal|private/;

const isPublic = (host: string): boolean =>
  host.includes('.') &&
  !/(?:^|\.)(?:local|localhost|internal|intranet|lan|corp|home|test|svc|nip\.io|sslip\.io)$/.test(host);

function withoutTls(object: KubernetesObject): Finding[] {
  const annotations = annotationsOf(object);
  const auth = [...annotations.keys()].find(key => /\/auth-(?:type|url|secret)$/.test(key));
  const spec = at(object.root, 'spec');
  const covered = itemsOf(at(spec, 'tls')).flatMap(item => itemsOf(at(item, 'hosts')).map(textOfNode));
  const hosts = itemsOf(at(spec, 'rules')).flatMap(rule => textOfNode(at(rule, 'host')) ?? []);
  const open = hosts.filter(
    host => !covered.includes(host) && !covered.includes(host.replace(/^[^.]+/, '*')),
  );
  const elsewhere =
    [...annotations.keys()].some(key => ELSEWHERE.test(key)) ||
    PROXIES.test(classOf(object, annotations) ?? '');
  // An entry without hosts covers them all.
  const all = itemsOf(at(spec, 'tls')).some(item => !at(item, 'hosts'));
  const shown = open.filter(isPublic);
  if (!spec || elsewhere || all || (shown.length === 0 && !(auth && covered.length === 0))) return [];
  const what = shown.length > 0 ? listed(shown) : 'what it asks a login for';
  const message = `${titled(object)} serves ${what} without TLS${auth ? `, although it asks for a login (${auth})` : ''}`;
  return [{ at: placeOf(entryOf(spec, 'rules')?.key ?? spec), message }];
}

const classOf = (object: KubernetesObject, annotations: ReadonlyMap<string, string>): string | undefined =>
  textOfNode(at(object.root, 'spec', 'ingressClassName')) ?? annotations.get('kubernetes.io/ingress.class');

function withoutClass(cluster: Cluster, object: KubernetesObject): Finding[] {
  const byDefault = cluster
    .of('IngressClass')
    .some(each => annotationsOf(each).get('ingressclass.kubernetes.io/is-default-class') === 'true');
  if (byDefault || classOf(object, annotationsOf(object)) !== undefined) return [];
  return [
    {
      at: placeOf(at(object.root, 'spec') ?? object.root),
      severity: 'warning',
      message: `${titled(object)} names no ingressClassName`,
    },
  ];
}

function withoutIssuer(context: Context, cluster: Cluster, object: KubernetesObject): Finding[] {
  const annotations = at(object.root, 'metadata', 'annotations');
  return (['Issuer', 'ClusterIssuer'] as const).flatMap((kind): Finding[] => {
    const node = at(
      annotations,
      kind === 'Issuer' ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer',
    );
    const name = textOfNode(node);
    if (!node || name === undefined || issuerOf(context, cluster, kind, name, object) !== 'missing')
      return [];
    return [
      {
        at: placeOf(node),
        severity: 'warning',
        message: `${titled(object)} wants its certificate of ${kind} ${name}, which nothing here makes`,
      },
    ];
  });
}
