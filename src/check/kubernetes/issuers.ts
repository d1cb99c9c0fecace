import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import type { Context } from '../context.ts';
import { type Cluster, clustersOf } from './cluster.ts';

/** Whether what an object asks to sign its certificate is there, as far as that can be told. */
export function issuerOf(
  context: Context,
  cluster: Cluster,
  kind: string,
  name: string,
  beside: KubernetesObject,
): 'known' | 'missing' | 'unknown' {
  if (cluster.named(kind, name, beside)) return 'known';
  const clusters = clustersOf(context);
  if (clusters.some(each => each.of(kind).some(object => object.name === name))) return 'known';
  if (!context.closed || !cluster.whole || isExcerpt(context, beside)) return 'unknown';
  // One for the whole cluster is mostly made by whoever installs cert-manager.
  if (kind === 'Issuer') return 'missing';
  const others = clusters.some(each => each.of('ClusterIssuer').length > 0);
  return others || installsCertManager(context) ? 'missing' : 'unknown';
}

/** A guide that shows no issuer at all takes one for granted. */
const isExcerpt = (context: Context, { root: { text } }: KubernetesObject): boolean =>
  text.within !== undefined &&
  !clustersOf(context).some(cluster =>
    ['Issuer', 'ClusterIssuer'].some(kind =>
      cluster.of(kind).some(object => object.root.text.file === text.file),
    ),
  );

const installsCertManager = ({ of }: Context): boolean =>
  of('shell').some(({ body }) =>
    body.commands.some(({ words }) => {
      const text = words.map(each => each.value ?? each.raw).join(' ');
      return /^(?:sudo )?(?:helm (?:upgrade|install)|kubectl (?:apply|create)) .*cert-manager(?:\.yaml|$| )/.test(
        text,
      );
    }),
  );
