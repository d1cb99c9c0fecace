/** A judge that finds nothing in bad files proves nothing about good ones: each has to see a planted fault. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkov, composeConfig, hadolint, need, prometheusTool, shellcheck } from './judges.ts';
import { kubeconform, kubeScore, kustomize } from './kubernetes.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-judges-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, ...lines: string[]): Promise<string> {
  await writeFile(join(dir, name), `${lines.join('\n')}\n`);
  return join(dir, name);
}

describe.runIf(need('hadolint'))('hadolint', () => {
  it('sees an untagged base image', async () => {
    const dockerfile = await file('Dockerfile', 'FROM debian', 'USER 10001');
    expect(await hadolint(dockerfile)).toMatchObject([
      { rule: 'DL3006', severity: 'warning', file: dockerfile, line: 1 },
    ]);
  });
});

describe.runIf(need('checkov'))('checkov', () => {
  it('sees a container that runs as root', { timeout: 120_000 }, async () => {
    const dockerfile = await file('Dockerfile', 'FROM debian:12', 'USER root');
    const findings = await checkov(dir, 'dockerfile');
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'CKV_DOCKER_8', file: dockerfile, line: 2 }),
    );
  });

  it('refuses to call a folder clean in which it checked nothing', { timeout: 120_000 }, async () => {
    await expect(checkov(dir, 'kubernetes')).rejects.toThrow('nothing to check');
  });
});

describe.runIf(need('shellcheck'))('shellcheck', () => {
  it('sees an unquoted variable', async () => {
    const script = await file('script.sh', '#!/bin/sh', 'rm $1');
    expect(await shellcheck(script)).toMatchObject([
      { rule: 'SC2086', severity: 'info', file: script, line: 2 },
    ]);
  });

  it('has no complaint about one that quotes it', async () => {
    expect(await shellcheck(await file('script.sh', '#!/bin/sh', 'rm "$1"'))).toEqual([]);
  });
});

describe.runIf(need('docker-compose'))('compose', () => {
  it('resolves variables, and warns of one that is not set', async () => {
    await file('compose.yaml', 'services:', '  api:', '    image: api:${TAG:?}', '    command: ["$MISSING"]');
    const { config, findings } = await composeConfig(dir, ['compose.yaml'], { TAG: '1' });
    expect(config).toMatchObject({ services: { api: { image: 'api:1' } } });
    expect(findings).toMatchObject([{ severity: 'warning', message: expect.stringContaining('"MISSING"') }]);
  });

  it.each([
    ['a variable that is required', '    image: api:${TAG:?}', 'required variable TAG'],
    ['a key that it does not know', '    imagine: api', 'additional propert'],
  ])('refuses %s', async (_, line, message) => {
    await file('compose.yaml', 'services:', '  api:', line);
    const { config, findings } = await composeConfig(dir, ['compose.yaml']);
    expect(config).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error', message: expect.stringContaining(message) }]);
  });
});

describe.runIf(need('promtool', 'amtool'))('promtool and amtool', () => {
  it.each([
    [
      'a rule that is no expression',
      'promtool',
      ['check', 'rules'],
      'groups: [{name: a, rules: [{record: a, expr: "sum("}]}]',
    ],
    [
      'a job that is there twice',
      'promtool',
      ['check', 'config'],
      'scrape_configs: [{job_name: a}, {job_name: a}]',
    ],
    ['a receiver that is not there', 'amtool', ['check-config'], 'route: {receiver: a}'],
  ] as const)('see %s', async (_, judge, command, text) => {
    const path = await file('planted.yml', text);
    expect(await prometheusTool(judge, [...command], path)).toMatchObject([
      { judge, severity: 'error', file: path },
    ]);
  });

  it('see an alert that does not fire', async () => {
    await file('rules.yml', 'groups: [{name: a, rules: [{alert: A, expr: "up == 0"}]}]');
    const tests = await file(
      'rules.test.yml',
      'rule_files: [rules.yml]',
      'tests: [{input_series: [{series: up, values: 1x5}], alert_rule_test: [{eval_time: 1m, alertname: A, exp_alerts: [{}]}]}]',
    );
    expect(await prometheusTool('promtool', ['test', 'rules'], tests)).toHaveLength(1);
  });
});

describe.runIf(need('kubectl', 'kubeconform', 'kube-score'))('judges of Kubernetes', () => {
  const pod = (container: string) => [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: planted, namespace: elsewhere}',
    `spec: {containers: [{name: planted, image: "planted:1"${container}}]}`,
  ];

  it.each([
    [
      'a field that the API server would drop',
      pod(', imagine: 1'),
      "additional properties 'imagine' not allowed",
    ],
    [
      'a field that a custom resource does not have',
      [
        'apiVersion: gateway.networking.k8s.io/v1',
        'kind: HTTPRoute',
        'metadata: {name: planted}',
        'spec: {rules: [{timeouts: {answer: 1s}}]}',
      ],
      "additional properties 'answer' not allowed",
    ],
    [
      'a kind that nobody knows',
      ['apiVersion: example.com/v1', 'kind: Planted', 'metadata: {name: planted}'],
      'could not find schema',
    ],
  ])('kubeconform sees %s', async (_, lines, message) => {
    const manifest = await file('planted.yaml', ...lines);
    expect(await kubeconform([manifest], '1.30')).toMatchObject([
      { severity: 'error', file: manifest, message: expect.stringContaining(message) },
    ]);
  });

  it('kubeconform sees what came with a later version', async () => {
    const signal = await file('signal.yaml', ...pod(', lifecycle: {stopSignal: SIGTERM}'));
    expect(await kubeconform([signal], '1.30')).toHaveLength(1);
    expect(await kubeconform([signal], '1.36')).toEqual([]);
  });

  it('kube-score sees a container that may write to its root', async () => {
    const findings = await kubeScore(await file('planted.yaml', ...pod('')), '1.34');
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'container-security-context-readonlyrootfilesystem',
        severity: 'error',
      }),
    );
  });

  it('kustomize refuses what is not there', async () => {
    await file('kustomization.yaml', 'resources: [nowhere.yaml]');
    await expect(kustomize(dir)).rejects.toThrow('nowhere.yaml');
  });
});
