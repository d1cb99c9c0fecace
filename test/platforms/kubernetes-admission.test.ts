/** Every golden overlay and Cloud Run service as a real API server judges it, with the kinds of others installed. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TEST_TARGETS } from '../targets/cases.ts';
import { readExpected } from '../targets/expected.ts';
import { cluster, kubectl, ownNamespace, tryKubectl } from './cluster.ts';

interface Golden {
  /** From the folder of a target's cases on. */
  readonly path: string;
  readonly content: string;
}

const golden = (target: string): Golden[] =>
  readdirSync(join(TEST_TARGETS, target), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) =>
      Object.entries(readExpected(join(TEST_TARGETS, target, name)).files).map(([path, content]) => ({
        path: join(target, name, 'expected', path),
        content,
      })),
    );

const manifests = golden('kubernetes');
const overlays = manifests
  .filter(({ path }) => /\/overlays\/[^/]+\/kustomization\.yaml$/.test(path))
  .map(({ path, content }) => [dirname(path), parse(content).namespace as string] as const);
const secrets = manifests.filter(({ path }) => path.endsWith('.example.yaml')).map(({ path }) => path);
const cloudRun = golden('cloudrun')
  .filter(({ path }) => path.endsWith('.yaml'))
  .map(({ path, content }) => [path, content] as const);

/** What our manifests must not be warned of, but a fixture's own patches are. */
const DELIBERATE = [/spec\.SessionAffinity is ignored for headless services/, /Sorting order is set both/];

beforeAll(async () => {
  await cluster.up();
  await cluster.install(
    'cert-manager',
    'envoy-gateway',
    'external-secrets',
    'gateway-api',
    'knative',
    'prometheus-operator',
    'traefik',
  );
  await ownNamespace(...new Set(overlays.map(([, namespace]) => namespace)));
});

/** Not written, but decoded, defaulted, validated and admitted as if it were; a warning is a fault as well. */
async function expectAdmitted(flags: readonly string[], input?: string): Promise<void> {
  const { code, stdout, stderr } = await tryKubectl(['apply', '--dry-run=server', ...flags], input);
  const faults = stderr.split('\n').filter(line => line && !DELIBERATE.some(pattern => pattern.test(line)));
  expect({ code, faults }).toEqual({ code: 0, faults: [] });
  expect(stdout).toContain('(server dry run)');
}

it('has something to judge', () => {
  expect(overlays.length).toBeGreaterThan(10);
  expect(secrets.length).toBeGreaterThan(5);
  expect(cloudRun.length).toBeGreaterThan(3);
});

it('is refused what the API server does not know', async () => {
  const wrong = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{prot: 1, port: 80}]}';
  const { stderr } = await tryKubectl(['apply', '--dry-run=server', '--filename', '-'], wrong);
  expect(stderr).toContain('unknown field "spec.ports[0].prot"');
});

it.each(overlays)('%s', async folder => {
  // What is in a namespace is judged by its labels.
  await kubectl(['apply', '--filename', join(TEST_TARGETS, folder, 'namespace.yaml')]);
  await expectAdmitted(['--kustomize', join(TEST_TARGETS, folder)]);
});

it.each(secrets)('%s', path => expectAdmitted(['--filename', join(TEST_TARGETS, path)]));

it.each(cloudRun)('%s', async (_, content) => {
  // What deploy.sh fills in.
  const filled = content
    .replaceAll('${AIDEPLOY_IMAGE}', `us-docker.pkg.dev/p/r/i@sha256:${'0'.repeat(64)}`)
    .replaceAll(/\$\{AIDEPLOY_\w+\}/g, 'v1');
  await expectAdmitted(['--namespace', 'default', '--filename', '-'], filled);
});
