/** service.yaml of every golden case: by Knative's own definition, by what Cloud Run documents beside it, and by gcloud's tables. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEngine } from '../../src/render/engine.ts';
import { cloudrun } from '../../src/targets/cloudrun/index.ts';
import { documented } from '../standins/gcloud/gcloud.mjs';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { need } from './judges.ts';
import { kubeconform } from './kubernetes.ts';

const engine = await createEngine();
const folder = await mkdtemp(join(tmpdir(), 'aideploy-cloudrun-'));
afterAll(() => rm(folder, { recursive: true }));

const services = [...FIXTURE_CASES, ...ownCases('cloudrun')]
  .filter(({ model }) => cloudrun.applies(model))
  .flatMap(({ name, model }) =>
    cloudrun
      .render(model, engine)
      .filter(({ path }) => path.endsWith('.yaml'))
      .map(({ path, content }) => ({ title: `${path.split('/').at(-1)} of ${name}`, content })),
  );

/** https://cloud.google.com/run/docs/reference/yaml/v1 */
const SERVICE_ANNOTATIONS: Readonly<Record<string, RegExp>> = {
  'run.googleapis.com/ingress': /^(?:all|internal|internal-and-cloud-load-balancing)$/,
  'run.googleapis.com/minScale': /^\d+$/,
  'aideploy/revision': /^\$\{AIDEPLOY_RECORD\}$/,
  'aideploy/verified': /^\$\{AIDEPLOY_VERIFIED\}$/,
};
const REVISION_ANNOTATIONS: Readonly<Record<string, RegExp>> = {
  'aideploy/by': /^\$\{AIDEPLOY_BY\}$/,
  'aideploy/commit': /^\$\{AIDEPLOY_COMMIT\}$/,
  'aideploy/content': /^\$\{AIDEPLOY_CONTENT\}$/,
  'aideploy/release': /^\$\{AIDEPLOY_RELEASE\}$/,
  'autoscaling.knative.dev/maxScale': /^[1-9]\d*$/,
  'run.googleapis.com/cpu-throttling': /^(?:true|false)$/,
  'run.googleapis.com/execution-environment': /^gen[12]$/,
  'run.googleapis.com/network-interfaces': /^\[\{"network":"[^"]+","subnetwork":"[^"]+"\}\]$/,
  'run.googleapis.com/sessionAffinity': /^true$/,
  'run.googleapis.com/startup-cpu-boost': /^(?:true|false)$/,
  'run.googleapis.com/vpc-access-connector': /^[a-z][a-z0-9/-]+$/,
  'run.googleapis.com/vpc-access-egress': /^(?:all-traffic|private-ranges-only)$/,
};

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

interface Service {
  readonly metadata: {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec: {
    readonly traffic?: unknown;
    readonly template: {
      readonly metadata: { readonly annotations: Record<string, string> };
      readonly spec: {
        readonly timeoutSeconds: number;
        readonly containerConcurrency: number;
        readonly containers: readonly [
          {
            readonly ports: readonly [{ readonly name: string }];
            readonly env?: readonly {
              readonly name: string;
              readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } };
            }[];
            readonly startupProbe: Probe;
            readonly livenessProbe: Probe;
          },
        ];
      };
    };
  };
}

describe.each(services)('$title', ({ title, content }) => {
  const service = parse(content) as Service;
  const { template } = service.spec;
  const [container] = template.spec.containers;

  it.runIf(need('kubeconform'))('is what Knative defines, with no field that it does not', async () => {
    const file = join(folder, `${title.replaceAll(/\W/g, '-')}.yaml`);
    await writeFile(file, content);
    expect(await kubeconform([file], '1.34')).toEqual([]);
  });

  it('has annotations and labels that Cloud Run documents', () => {
    for (const [known, annotations] of [
      [SERVICE_ANNOTATIONS, service.metadata.annotations],
      [REVISION_ANNOTATIONS, template.metadata.annotations],
    ] as const)
      for (const [name, value] of Object.entries(annotations)) {
        expect(Object.keys(known)).toContain(name);
        expect(value, name).toMatch(known[name] ?? /^$/);
      }
    for (const [name, value] of Object.entries(service.metadata.labels))
      expect(`${name}=${value}`).toMatch(/^[a-z][a-z0-9_-]{0,62}=[a-z0-9_-]{0,63}$/);
  });

  it('keeps within the limits of the platform', () => {
    const { startupProbe, livenessProbe } = container;
    expect(template.spec.timeoutSeconds).toBeLessThanOrEqual(3_600);
    expect(template.spec.containerConcurrency).toBeLessThanOrEqual(1_000);
    expect(['http1', 'h2c']).toContain(container.ports[0].name);
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeLessThanOrEqual(240);
    expect(livenessProbe.periodSeconds).toBeLessThanOrEqual(3_600);
    for (const probe of [startupProbe, livenessProbe]) {
      expect(probe.timeoutSeconds).toBeLessThanOrEqual(probe.periodSeconds);
      expect(probe.timeoutSeconds).toBeGreaterThanOrEqual(1);
    }
  });

  it('leaves to a deploy what only that knows: image, revision, traffic, versions of secrets', () => {
    expect(content).not.toMatch(/\blatest\b|image: (?!"\$\{AIDEPLOY_IMAGE\}")/);
    expect(service.spec.traffic).toBeUndefined();
    for (const { name, valueFrom } of container.env ?? [])
      if (valueFrom) expect(valueFrom.secretKeyRef.key).toBe(`\${AIDEPLOY_SECRET_${name}}`);
  });
});

/** Of a gcloud that is here, as `documented.py` reads them; the tables themselves are the reference where there is none. */
describe('the table of documented commands', () => {
  const sdk = ['/usr/lib/google-cloud-sdk', '/opt/google-cloud-sdk'].find(each => existsSync(each));

  it('names its source, and flags of every command that the scripts use', () => {
    expect(documented.source).toMatch(/^Google Cloud SDK \d+\.\d+\.\d+$/);
    expect(Object.keys(documented.everywhere)).toContain('--quiet');
    expect(documented.commands['run services replace']?.flags).toHaveProperty('--region');
  });

  it('has no flag that the gcloud of this machine does not know', () => {
    if (!sdk) return;
    const script = fileURLToPath(new URL('../standins/gcloud/documented.py', import.meta.url));
    const flags = JSON.parse(
      execFileSync('python3', [script, '--flags', sdk], { encoding: 'utf8' }),
    ) as Record<string, string[]>;
    for (const [command, { flags: known }] of Object.entries(documented.commands))
      for (const flag of Object.keys(known)) expect(flags[command], command).toContain(flag);
  });
});
