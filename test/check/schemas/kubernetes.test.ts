import { describe, expect, test } from 'vitest';
import { parseKubernetes } from '../../../src/artifacts/kubernetes/parse.ts';
import { textOf } from '../../../src/artifacts/text.ts';
import { judged } from '../../../src/check/check.ts';
import { invalidObject } from '../../../src/check/rules/k8s/invalid.ts';
import { runRules } from '../../../src/check/run.ts';
import { schemaFaults } from '../../../src/check/schemas/kubernetes.ts';
import { BROKEN, SOUND } from './manifests.ts';

async function messagesOf(text: string): Promise<readonly string[]> {
  const files = [{ path: 'object.yaml', content: text, lossy: false, mode: 0o644 }];
  const { context } = await judged({ files, unread: [], closed: true }, new Set(), {});
  return runRules([invalidObject], context).map(each => each.message);
}

describe('manifests', () => {
  test.each(BROKEN)('$name', async ({ text, says = '' }) => {
    const messages = await messagesOf(text);
    expect(messages.join('\n')).toContain(says);
    expect(messages, 'one mistake is told once').toHaveLength(1);
  });

  test.each(SOUND)('sound, $name', async ({ text }) => {
    expect(await messagesOf(text)).toEqual([]);
  });
});

/** What is said for a version of Kubernetes; undefined is any. */
function saidOf(text: string, minor: number | undefined): readonly string[] {
  const [object] = parseKubernetes(textOf('object.yaml', text)).body ?? [];
  if (!object) throw new Error('no object');
  return schemaFaults(object, { minor, partial: false }).map(each => each.message);
}

const object = (api: string, kind: string, spec: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`;
const HOSTNAME = object('v1', 'Pod', '{hostnameOverride: a, containers: [{name: a, image: a}]}');
const WORKLOAD = object(
  'v1',
  'Pod',
  '{workloadRef: {name: a, podGroup: b}, containers: [{name: a, image: a}]}',
);
const SLICES = object(
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'FlowSchema',
  '{priorityLevelConfiguration: {name: a}}',
);
const SERVICE_CIDR = object('networking.k8s.io/v1', 'ServiceCIDR', '{cidrs: [10.0.0.0/16]}');
const BETA_CRON = object('batch/v1beta1', 'CronJob', '{schedule: "* * * * *"}');

test('no more is told of one object than somebody would mend', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `unknown${i}: 1`).join(', ');
  const before = process.cpuUsage();
  const said = saidOf(object('v1', 'Pod', `{containers: [{name: a, ${keys}}]}`), undefined);
  expect(said).toHaveLength(100);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

describe('versions of Kubernetes', () => {
  test.each([
    [
      'a field that is still to come',
      HOSTNAME,
      33,
      ['spec.hostnameOverride came with Kubernetes 1.34, the target is 1.33'],
    ],
    ['a field that has come', HOSTNAME, 34, []],
    ['a field of some version', HOSTNAME, undefined, []],
    ['a field that has gone', WORKLOAD, 36, ['spec.workloadRef was removed in Kubernetes 1.36']],
    ['a field that is about to go', WORKLOAD, 35, []],
    [
      'an API that has gone',
      SLICES,
      32,
      ['flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema was removed in Kubernetes 1.32'],
    ],
    ['an API that is about to go', SLICES, 31, []],
    [
      'an API that has gone, for any',
      SLICES,
      undefined,
      ['flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema was removed in Kubernetes 1.32'],
    ],
    [
      'an API that is still to come',
      SERVICE_CIDR,
      32,
      ['networking.k8s.io/v1 ServiceCIDR came with Kubernetes 1.33, the target is 1.32'],
    ],
    ['an API that has come', SERVICE_CIDR, 33, []],
    [
      'an API that went long ago',
      BETA_CRON,
      30,
      ['batch/v1beta1 CronJob was removed in Kubernetes 1.25; it is in batch/v1'],
    ],
    ['a version that is not known yet', object('apps/v2', 'Deployment', '{anything: 1}'), 40, []],
  ])('%s', (_, text, minor, said) => {
    expect(saidOf(text, minor)).toEqual(said);
  });
});
