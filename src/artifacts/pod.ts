import { type AnyFact, type FactValues, type Health, type Security, stated } from './fact.ts';
import { imageReference } from './image.ts';
import { kubernetesQuantity } from './quantities.ts';
import { partlyUrl } from './url.ts';
import { at, booleanOf, entriesOf, itemsOf, numberOf, placeOf, textOfNode, type YamlNode } from './yaml.ts';

/** The keys of a ConfigMap that the set holds; undefined where it holds none of that name. */
export type ConfigMaps = (name: string) => YamlNode | undefined;

/** What a container of a pod says: Kubernetes' own, and Cloud Run's, which has the same shape. */
export function containerFacts(pod: YamlNode, container: YamlNode, configs: ConfigMaps): AnyFact[] {
  return [
    ...imageFacts(container),
    ...environmentFacts(container, configs),
    ...portFacts(container),
    ...resourceFacts(container),
    ...volumeFacts(pod, container),
    ...securityFacts(pod, container),
    ...stopFacts(container),
    ...probeFacts(container),
  ];
}

const seconds = (node: YamlNode | undefined): number | undefined => {
  const value = numberOf(node);
  return value === undefined ? undefined : value * 1_000;
};

const words = (node: YamlNode | undefined): string[] => itemsOf(node).map(item => textOfNode(item) ?? '');

function imageFacts(container: YamlNode): AnyFact[] {
  const [image, command, args] = ['image', 'command', 'args'].map(key => at(container, key));
  const node = command ?? args;
  const all = [...words(command), ...words(args)];
  const shell = /(?:^|\/)(?:ba|da)?sh$/.test(all[0] ?? '') && all[1] === '-c';
  const replaces = command ? 'all' : 'arguments';
  return [
    ...(image ? stated('image', imageReference(textOfNode(image) ?? ''), placeOf(image)) : []),
    ...(node ? stated('command', { words: all, shell, replaces }, placeOf(node)) : []),
  ];
}

function environmentFacts(container: YamlNode, configs: ConfigMaps): AnyFact[] {
  const from = itemsOf(at(container, 'envFrom')).flatMap(item => {
    const prefix = textOfNode(at(item, 'prefix')) ?? '';
    const data = configs(textOfNode(at(item, 'configMapRef', 'name')) ?? '');
    if (!data)
      return stated('env.unseen', { from: textOfNode(at(item, 'secretRef', 'name')) ?? '' }, placeOf(item));
    return entriesOf(data).flatMap(({ key, value }) => {
      const text = textOfNode(value);
      return stated(
        'env',
        { name: prefix + key.source, ...(text === undefined ? {} : { value: text }) },
        placeOf(key),
      );
    });
  });
  const own = itemsOf(at(container, 'env')).flatMap(item => {
    const name = textOfNode(at(item, 'name'));
    return name ? stated('env', { name, ...given(item, configs) }, placeOf(item)) : [];
  });
  return [...from, ...own];
}

/** https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
const REFERENCE = /\$\([\w.-]+\)/;
const REFERENCES = new RegExp(REFERENCE, 'g');

function given(item: YamlNode, configs: ConfigMaps): Omit<FactValues['env'], 'name'> {
  const literal = textOfNode(at(item, 'value'));
  if (literal !== undefined)
    return REFERENCE.test(literal) ? partlyUrl(literal.replaceAll(REFERENCES, '*')) : { value: literal };
  if (at(item, 'valueFrom', 'secretKeyRef')) return { secret: true };
  const reference = at(item, 'valueFrom', 'configMapKeyRef');
  const data = configs(textOfNode(at(reference, 'name')) ?? '');
  const value = textOfNode(at(data, textOfNode(at(reference, 'key')) ?? ''));
  return value === undefined ? {} : { value };
}

function portFacts(container: YamlNode): AnyFact[] {
  return itemsOf(at(container, 'ports')).flatMap(item => {
    const [port, name] = [numberOf(at(item, 'containerPort')), textOfNode(at(item, 'name'))];
    return port
      ? stated('port.listen', { port, ...(name ? { name } : {}) }, placeOf(at(item, 'containerPort') ?? item))
      : [];
  });
}

function resourceFacts(container: YamlNode): AnyFact[] {
  const quantity = (
    kind: 'cpu.limit' | 'cpu.request' | 'memory.limit' | 'memory.request',
    path: string[],
    factor: number,
  ) => {
    const node = at(container, 'resources', ...path);
    const value = kubernetesQuantity(textOfNode(node) ?? '');
    return node && value !== undefined ? stated(kind, value * factor, placeOf(node)) : [];
  };
  return [
    ...quantity('memory.limit', ['limits', 'memory'], 1),
    ...quantity('memory.request', ['requests', 'memory'], 1),
    ...quantity('cpu.limit', ['limits', 'cpu'], 1_000),
    ...quantity('cpu.request', ['requests', 'cpu'], 1_000),
  ];
}

function volumeFacts(pod: YamlNode, container: YamlNode): AnyFact[] {
  const volumes = itemsOf(at(pod, 'volumes'));
  return itemsOf(at(container, 'volumeMounts')).flatMap(mount => {
    const [name, target] = [textOfNode(at(mount, 'name')), textOfNode(at(mount, 'mountPath'))];
    const volume = volumes.find(each => textOfNode(at(each, 'name')) === name);
    if (!target) return [];
    const readOnly = booleanOf(at(mount, 'readOnly')) ?? false;
    return stated('volume', { ...sourceOf(volume, name), target, readOnly }, placeOf(mount));
  });
}

function sourceOf(volume: YamlNode | undefined, name: string | undefined) {
  const claim = textOfNode(at(volume, 'persistentVolumeClaim', 'claimName'));
  if (claim) return { kind: 'claim', source: claim } as const;
  const path = textOfNode(at(volume, 'hostPath', 'path'));
  if (path) return { kind: 'bind', source: path } as const;
  if (at(volume, 'emptyDir')) return { kind: 'scratch' } as const;
  // Without a volume of that name it is a claim template's.
  return volume ? ({ kind: 'config' } as const) : ({ kind: 'claim', source: name ?? '' } as const);
}

function securityFacts(pod: YamlNode, container: YamlNode): AnyFact[] {
  const own = (...path: string[]) => at(container, 'securityContext', ...path);
  const either = (key: string) => own(key) ?? at(pod, 'securityContext', key);
  const flag = (node: YamlNode | undefined, setting: Security['setting'], invert = false) => {
    const value = booleanOf(node);
    return node && value !== undefined
      ? stated('security', { setting, value: value !== invert }, placeOf(node))
      : [];
  };
  const names = (key: string, setting: Security['setting']) => {
    const node = own('capabilities', key);
    return node
      ? stated(
          'security',
          { setting, value: words(node).map(name => name.toUpperCase().replace(/^CAP_/, '')) },
          placeOf(node),
        )
      : [];
  };
  const [user, profile] = [either('runAsUser'), at(either('seccompProfile'), 'type')];
  return [
    ...flag(own('privileged'), 'privileged'),
    ...flag(own('readOnlyRootFilesystem'), 'read-only-root'),
    ...flag(own('allowPrivilegeEscalation'), 'no-new-privileges', true),
    ...flag(either('runAsNonRoot'), 'non-root'),
    ...flag(at(pod, 'hostNetwork'), 'host-network'),
    ...flag(at(pod, 'hostPID'), 'host-pid'),
    ...flag(at(pod, 'hostIPC'), 'host-ipc'),
    ...names('add', 'capabilities-added'),
    ...names('drop', 'capabilities-dropped'),
    ...(profile
      ? stated('security', { setting: 'seccomp', value: textOfNode(profile) ?? '' }, placeOf(profile))
      : []),
    ...(user ? stated('user', { name: textOfNode(user) ?? '' }, placeOf(user)) : []),
  ];
}

function stopFacts(container: YamlNode): AnyFact[] {
  const hook = at(container, 'lifecycle', 'preStop');
  const sleep = at(hook, 'sleep', 'seconds');
  const hooked = hook ? stated('stop.hook', true, placeOf(hook)) : [];
  if (sleep) return [...hooked, ...stated('stop.before', seconds(sleep), placeOf(sleep))];
  const command = words(at(hook, 'exec', 'command')).join(' ');
  const time = /(?:^|[\s;&])(?:\/bin\/)?sleep (\d+(?:\.\d+)?)s?(?=$|[\s;&])/.exec(command)?.[1];
  return hook && time ? [...hooked, ...stated('stop.before', Number(time) * 1_000, placeOf(hook))] : hooked;
}

const PROBES = { livenessProbe: 'live', readinessProbe: 'ready', startupProbe: 'startup' } as const;

function probeFacts(container: YamlNode): AnyFact[] {
  return Object.entries(PROBES).flatMap(([key, role]) => {
    const probe = at(container, key);
    return probe ? stated('health', healthOf(probe, role), placeOf(probe)) : [];
  });
}

function healthOf(probe: YamlNode, role: Health['role']): Health {
  const port = ['httpGet', 'tcpSocket', 'grpc'].map(how => at(probe, how, 'port')).find(node => node);
  const command = at(probe, 'exec', 'command');
  const parts = {
    path: textOfNode(at(probe, 'httpGet', 'path')),
    port: numberOf(port) ?? textOfNode(port),
    command: command ? words(command) : undefined,
    timeout: seconds(at(probe, 'timeoutSeconds')),
    period: seconds(at(probe, 'periodSeconds')),
    failures: numberOf(at(probe, 'failureThreshold')),
    delay: seconds(at(probe, 'initialDelaySeconds')),
  };
  return { role, ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) };
}
