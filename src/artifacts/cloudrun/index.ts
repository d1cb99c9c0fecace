import type { Document, Kind, Parsed } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { containerFacts } from '../pod.ts';
import type { Text } from '../text.ts';
import { at, itemsOf, numberOf, placeOf, textOfNode, type YamlMap, type YamlNode } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';

export const cloudrun: Kind<'cloudrun'> = {
  id: 'cloudrun',
  title: 'Cloud Run service',
  comment: '#',
  names: /^(?!)/,
  content: text => /^apiVersion:\s*["']?(?:serving\.knative\.dev|run\.googleapis\.com)\//m.test(text),
  parse,
  components: ({ body }: Document<'cloudrun'>) => body.flatMap(componentsOf),
};

function parse(text: Text): Parsed<readonly YamlMap[]> {
  const { roots, faults } = readYaml(text);
  const body = roots.filter(
    (root): root is YamlMap =>
      root?.kind === 'map' &&
      /^(?:serving\.knative\.dev|run\.googleapis\.com)\//.test(textOfNode(at(root, 'apiVersion')) ?? ''),
  );
  return { body, faults };
}

function componentsOf(root: YamlMap): readonly Component[] {
  const pod =
    at(root, 'spec', 'template', 'spec') ?? at(root, 'spec', 'template', 'spec', 'template', 'spec');
  if (!pod) return [];
  return itemsOf(at(pod, 'containers')).map(container => ({
    platform: 'cloudrun',
    form: 'container',
    name: textOfNode(at(root, 'metadata', 'name')) ?? '',
    aliases: [],
    at: placeOf(container),
    scope: textOfNode(at(root, 'metadata', 'namespace')) ?? '',
    facts: [
      ...revisionFacts(root),
      ...serviceFacts(root, pod),
      ...secretFacts(pod, container),
      ...containerFacts(pod, container, () => undefined),
    ],
    longRunning: textOfNode(at(root, 'kind')) === 'Service',
  }));
}

/** https://cloud.google.com/run/docs/reference/yaml/v1 */
function revisionFacts(root: YamlMap): AnyFact[] {
  const pod = at(root, 'spec', 'template', 'spec');
  const timeout = at(pod, 'timeoutSeconds');
  const concurrency = at(pod, 'containerConcurrency');
  const annotation = (name: string) => at(root, 'spec', 'template', 'metadata', 'annotations', name);
  const most = annotation('autoscaling.knative.dev/maxScale');
  const least = annotation('autoscaling.knative.dev/minScale');
  const time = numberOf(timeout);
  return [
    ...(timeout && time !== undefined ? stated('timeout.request', time * 1_000, placeOf(timeout)) : []),
    ...(concurrency ? stated('concurrency', numberOf(concurrency), placeOf(concurrency)) : []),
    ...(most ? stated('replicas.max', Number(textOfNode(most)), placeOf(most)) : []),
    ...(least ? stated('replicas', Number(textOfNode(least)), placeOf(least)) : []),
  ];
}

function serviceFacts(root: YamlMap, pod: YamlNode): AnyFact[] {
  const account = at(pod, 'serviceAccountName');
  const open = at(root, 'metadata', 'annotations', 'run.googleapis.com/invoker-iam-disabled');
  const traffic = at(root, 'spec', 'traffic');
  const pinned = itemsOf(traffic).find(
    item => at(item, 'revisionName') && numberOf(at(item, 'percent')) === 100,
  );
  return [
    ...(account ? stated('identity', { account: textOfNode(account) ?? '' }, placeOf(account)) : []),
    ...(open && textOfNode(open) === 'true' ? stated('exposure', 'public', placeOf(open)) : []),
    ...(traffic ? stated('traffic', pinned ? 'none' : 'all', placeOf(traffic)) : []),
  ];
}

/** https://cloud.google.com/run/docs/configuring/services/secrets: the key is the version. */
function secretFacts(pod: YamlNode, container: YamlNode): AnyFact[] {
  const reference = (secret: YamlNode | undefined, key: YamlNode | undefined, as: string): AnyFact[] => {
    const [name, version] = [textOfNode(secret), textOfNode(key)];
    return key && name && version
      ? stated('secret.version', { secret: name, version, as }, placeOf(key))
      : [];
  };
  const variables = itemsOf(at(container, 'env')).flatMap(item => {
    const from = at(item, 'valueFrom', 'secretKeyRef');
    return reference(at(from, 'name'), at(from, 'key'), textOfNode(at(item, 'name')) ?? '');
  });
  const files = itemsOf(at(pod, 'volumes')).flatMap(volume =>
    itemsOf(at(volume, 'secret', 'items')).flatMap(item =>
      reference(at(volume, 'secret', 'secretName'), at(item, 'key'), textOfNode(at(item, 'path')) ?? ''),
    ),
  );
  return [...variables, ...files];
}
