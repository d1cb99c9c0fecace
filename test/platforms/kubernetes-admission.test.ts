/** Every golden overlay and Cloud Run service as a real API server judges it, with the kinds of others installed. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../cli/run.ts';
import { goldenFiles } from '../targets/examples.ts';
import { certificates } from '../verify/certificates.ts';
import { cluster, kubectl, ownNamespace, tryKubectl } from './cluster.ts';

/** From the repository's folder on. */
const golden = (target: string) =>
  goldenFiles(target).map(path => ({ path: relative(ROOT, path), content: readFileSync(path, 'utf8') }));

const manifests = golden('kubernetes');
const overlays = manifests
  .filter(({ path }) => /\/overlays\/[^/]+\/kustomization\.yaml$/.test(path))
  .map(({ path, content }) => [dirname(path), parse(content).namespace as string] as const);
const secrets = manifests
  .filter(({ path }) => path.endsWith('.example.yaml'))
  .map(({ path, content }) => [path, content] as const);
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
  await kubectl(['apply', '--filename', join(ROOT, folder, 'namespace.yaml')]);
  await expectAdmitted(['--kustomize', join(ROOT, folder)]);
});

it.each(secrets)('%s', async (_, content) => {
  // Left empty, a certificate is one to warn of.
  const { cert, key } = certificates().good;
  const filled = content
    .replace('tls.crt: ""', `tls.crt: ${JSON.stringify(cert)}`)
    .replace('tls.key: ""', `tls.key: ${JSON.stringify(key)}`);
  await expectAdmitted(['--filename', '-'], filled);
});

it.each(cloudRun)('%s', async (_, content) => {
  // What deploy.sh fills in.
  const filled = content
    .replaceAll('${AIDEPLOY_IMAGE}', `us-docker.pkg.dev/p/r/i@sha256:${'0'.repeat(64)}`)
    .replaceAll(/\$\{AIDEPLOY_\w+\}/g, 'v1');
  await expectAdmitted(['--namespace', 'default', '--filename', '-'], filled);
});
