/** Each pair of Compose files that is rendered for a golden case, as Compose itself reads it. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import { isBuilt } from '../../src/model/model.ts';
import { createEngine } from '../../src/render/engine.ts';
import { compose } from '../../src/targets/compose/index.ts';
import { env } from '../../src/targets/env/index.ts';
import { project } from '../cli/run.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { composeConfig, need } from './judges.ts';

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('compose')].filter(({ model }) => compose.applies(model));

/** Variables that a file cannot do without: `${NAME:?…}`. */
const requiredBy = (artifacts: readonly Artifact[]): string[] => [
  ...new Set(
    artifacts.flatMap(({ content }) =>
      [...content.matchAll(/(?<!\$)\$\{(\w+):\?/g)].map(match => match[1] ?? ''),
    ),
  ),
];

interface Service {
  readonly deploy?: { readonly resources?: { readonly limits?: object }; readonly replicas?: number };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly stop_grace_period?: string;
  readonly user?: string;
}

describe.runIf(need('docker-compose'))('docker compose config', () => {
  describe.each(cases)('$name', ({ model }) => {
    let folder: string;
    const files = compose.render(model, engine);
    const yaml = files.filter(({ path }) => path.startsWith('compose'));
    const variables = Object.fromEntries(requiredBy(yaml).map(name => [name, 'x1']));

    beforeAll(async () => {
      folder = await project();
      for (const { path, content } of files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    });

    it.each(['compose.yaml', 'compose.prod.yaml'])('accepts %s without a warning', async file => {
      const { config, findings } = await composeConfig(folder, [file], variables);
      expect(findings).toEqual([]);
      expect(config?.['name']).toBe(model.name);
    });

    it('refuses to start in production while a required value is missing', async () => {
      for (const name of Object.keys(variables)) {
        const { [name]: _, ...others } = variables;
        if (
          !yaml.some(({ path, content }) => path === 'compose.prod.yaml' && content.includes(`\${${name}:?`))
        )
          continue;
        const { findings } = await composeConfig(folder, ['compose.prod.yaml'], others);
        expect(findings.map(finding => finding.message).join('\n'), name).toContain(name);
      }
    });

    it('asks in .env.example for all that it requires', () => {
      const [example] = env.render(model, engine);
      for (const name of Object.keys(variables))
        expect(example?.content).toMatch(new RegExp(`^${name}=`, 'm'));
    });

    it('hardens every service, publishes on loopback only, and has the budgets of the model', async () => {
      const { config } = await composeConfig(folder, ['compose.prod.yaml'], variables);
      const services = (config?.['services'] ?? {}) as Record<string, Service>;
      for (const [name, service] of Object.entries(services)) {
        expect(service, name).toMatchObject({
          read_only: true,
          cap_drop: ['ALL'],
          user: expect.stringMatching(/^\d+:\d+$/),
        });
        expect(service.deploy?.resources?.limits, name).toMatchObject({
          memory: expect.any(String),
          pids: expect.any(Number),
        });
        for (const port of service.ports ?? []) expect(port.host_ip, name).toBe('127.0.0.1');
      }
      expect(services['db']?.ports ?? []).toEqual([]);
      for (const service of model.services.filter(isBuilt)) {
        const budget = services[service.key]?.stop_grace_period;
        if (budget !== undefined)
          expect(goDuration(budget), service.key).toBeGreaterThanOrEqual(service.timing.drain + 5_000);
      }
    });
  });
});

/** Compose writes durations as Go does: `5m10s`. */
function goDuration(text: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  return [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
}
