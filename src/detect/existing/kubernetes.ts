import type { ExistingManifest } from '../detection.ts';
import { lineEvidence } from '../evidence.ts';
import { list, readYaml, record, string, type YamlDocument } from './yaml.ts';

const workloads: Record<string, string[]> = {
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  Service: [],
  Ingress: [],
  HTTPRoute: [],
  Namespace: [],
};

export function readManifests(path: string, text: string): ExistingManifest[] {
  if (!/^\s*apiVersion:/m.test(text) || !/^\s*kind:/m.test(text)) return [];
  // A Helm template isn't YAML until it is rendered.
  if (/\{\{.*\}\}/.test(text)) return [];
  return readYaml(text).flatMap(document => {
    const data = record(document.data);
    const kind = string(data['kind']) ?? '';
    return Object.hasOwn(workloads, kind) ? [manifestOf(path, text, data, kind, document)] : [];
  });
}

function manifestOf(
  path: string,
  text: string,
  data: Record<string, unknown>,
  kind: string,
  document: YamlDocument,
): ExistingManifest {
  const metadata = record(data['metadata']);
  const spec = record(data['spec']);
  const podPath = workloads[kind] ?? [];
  const pod =
    podPath.length > 0 ? record(podPath.reduce<unknown>((value, key) => record(value)[key], data)) : {};
  const container = record(list(pod['containers'])[0]);
  const namespace = kind === 'Namespace' ? string(metadata['name']) : string(metadata['namespace']);
  const image = string(container['image']);
  const user = userOf(pod, container);
  const schedule = kind === 'CronJob' ? string(spec['schedule']) : undefined;
  const command = [...list(container['command']), ...list(container['args'])].map(String);
  const servicePorts = kind === 'Service' ? list(spec['ports']) : list(container['ports']);
  return {
    file: path,
    kind,
    name: string(metadata['name']) ?? '',
    ...(namespace ? { namespace } : {}),
    ...(image ? { image } : {}),
    ports: servicePorts.flatMap(each => {
      const port = Number(
        record(each)['containerPort'] ?? record(each)['targetPort'] ?? record(each)['port'],
      );
      const name = string(record(each)['name']);
      return Number.isInteger(port) ? [{ ...(name ? { name } : {}), port }] : [];
    }),
    probes: probesOf(container, [...podPath, 'containers', 0], path, text, document),
    hosts: hostsOf(kind, spec),
    ...(user ? { user } : {}),
    ...(schedule ? { schedule } : {}),
    ...(command.length > 0 ? { command } : {}),
    evidence: lineEvidence({ path, text }, document.lineOf(['metadata', 'name'])),
  };
}

function probesOf(
  container: Record<string, unknown>,
  at: (string | number)[],
  path: string,
  text: string,
  document: YamlDocument,
): ExistingManifest['probes'] {
  return (['live', 'ready', 'startup'] as const).flatMap(role => {
    const key = { live: 'livenessProbe', ready: 'readinessProbe', startup: 'startupProbe' }[role];
    const probe = record(container[key]);
    if (Object.keys(probe).length === 0) return [];
    const get = record(probe['httpGet']);
    const [url, port] = [string(get['path']), string(get['port'])];
    const line = document.lineOf([...at, key, ...(url ? ['httpGet', 'path'] : [])]);
    return [
      {
        role,
        ...(url ? { path: url } : {}),
        ...(port ? { port } : {}),
        evidence: lineEvidence({ path, text }, line),
      },
    ];
  });
}

function userOf(
  pod: Record<string, unknown>,
  container: Record<string, unknown>,
): { uid: number; gid?: number } | undefined {
  const contexts = [record(container['securityContext']), record(pod['securityContext'])];
  const number = (key: string) =>
    contexts.map(each => each[key]).find((value): value is number => typeof value === 'number' && value > 0);
  const [uid, gid] = [number('runAsUser'), number('runAsGroup')];
  return uid ? { uid, ...(gid ? { gid } : {}) } : undefined;
}

function hostsOf(kind: string, spec: Record<string, unknown>): string[] {
  if (kind === 'Ingress') return list(spec['rules']).flatMap(rule => string(record(rule)['host']) ?? []);
  return kind === 'HTTPRoute' ? list(spec['hostnames']).flatMap(host => string(host) ?? []) : [];
}
