/** The rights of the account that deploys: enough for each object of an overlay, and never all of anything. */
import { expect, test } from 'vitest';
import { deployer } from '../../../src/targets/kubernetes/deployer.ts';
import { objects } from '../../../src/targets/kubernetes/objects.ts';
import { type Rule, rightsOf } from '../../../src/targets/kubernetes/rights.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';

const INGRESS =
  'domain: chat.example.com\ntargets: {kubernetes: {expose: {kind: ingress, class: nginx, issuer: le}}}';
const rulesOf = (more: string, lines = ''): Rule[] =>
  rightsOf(modelOf(minimal(more, lines))).flatMap(({ rules }) => rules);
const verbsFor = (rules: readonly Rule[], group: string, resource: string): string[] => [
  ...new Set(
    rules
      .filter(({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(resource))
      .flatMap(({ verbs }) => verbs),
  ),
];

/** By hand, since what is tested is a guess of plurals. */
const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  ServiceMonitor: 'servicemonitors',
};

test('each object of an overlay may be applied and taken away', () => {
  const rules = rulesOf(INGRESS, 'public: true');
  const found = objects(modelOf(minimal(INGRESS, 'public: true'))).map(({ object }) => object);
  expect(found.map(({ kind }) => kind)).toContain('Ingress');
  for (const { apiVersion, kind } of found) {
    const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
    const verbs = verbsFor(rules, group, RESOURCES[kind] ?? kind);
    expect(verbs, kind).toEqual(expect.arrayContaining(['get', 'list', 'create', 'patch', 'delete']));
  }
});

test('Secrets are read by their names, and nothing is given whole', () => {
  const rules = rulesOf(INGRESS, 'public: true\n    secrets: [API_KEY]');
  expect(rules.flatMap(each => [...each.verbs, ...each.resources, ...each.apiGroups])).not.toContain('*');
  const [secrets] = rules.filter(({ resources }) => resources.includes('secrets'));
  expect(secrets?.verbs).toEqual(['get']);
  expect(secrets?.resourceNames).toEqual(['chat-secrets', expect.stringContaining('tls')]);
  expect(rules.some(({ apiGroups }) => apiGroups.includes('rbac.authorization.k8s.io'))).toBe(false);
});

test('without a Secret to read there is no rule, which without names would be for all of them', () => {
  const rules = rulesOf('targets: {kubernetes: {}}');
  expect(rules.filter(({ resources }) => resources.includes('secrets'))).toEqual([]);
});

test('pods are taken away only where a StatefulSet needs it', () => {
  const plain = rulesOf('targets: {kubernetes: {}}');
  const stateful = rulesOf('targets: {kubernetes: {}}', 'volumes: [{name: data, path: /data, size: 1Gi}]');
  expect(verbsFor(plain, '', 'pods')).toEqual(['list']);
  expect(verbsFor(stateful, '', 'pods')).toEqual(['list', 'delete']);
});

test('the account, its rights and their bond are of one namespace', () => {
  const all = deployer(modelOf(minimal('targets: {kubernetes: {}}'))).map(({ object }) => object);
  expect(all.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding']);
  expect(new Set(all.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))).toEqual(
    new Set(['chat/chat-deployer']),
  );
});
