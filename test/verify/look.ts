/** Looks at a platform with the probes of `aideploy verify`, once each. */
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import { plan } from '../../src/verify/plan.ts';
import type { Flags } from '../../src/verify/probe.ts';
import { PROBES } from '../../src/verify/probes/all.ts';
import { run } from '../../src/verify/run.ts';
import type { ProbeResult } from '../../src/verify/verification.ts';

export interface Look {
  readonly config: object;
  readonly root?: string;
  readonly flags: Partial<Flags>;
  /** Probes by their id; all that plan something by default. */
  readonly only?: readonly string[];
}

const FLAGS: Flags = {
  platform: undefined,
  hosts: [],
  timeout: 5_000,
  samples: 1,
  concurrency: 1,
  expectVersion: undefined,
  long: false,
  drain: false,
  rehearseRestore: false,
  watching: false,
  env: {},
};

const engine = await createEngine();

export async function look({ config, root = '.', flags, only = [] }: Look): Promise<ProbeResult[]> {
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(stringify(config))));
  const targets = TARGETS.filter(target => target.applies(model));
  const artifacts = await renderArtifacts(model, targets, engine);
  const deployment = { target: model.name, model, endpoints: [], root, artifacts };
  const planned = plan(PROBES, deployment, { ...FLAGS, ...flags }, { only, skip: [] });
  return run(planned, {
    signal: new AbortController().signal,
    wait: 0,
    interval: 100,
    timeout: FLAGS.timeout,
    deadline: 120_000,
    attempts: 1,
    secrets: [],
  });
}

/** `id: status`, and for what is not well what was seen: short enough to be read in a failed test. */
export const told = (results: readonly ProbeResult[]): Record<string, string> =>
  Object.fromEntries(
    results.map(({ id, status, message, observed }) => [
      id,
      status === 'pass' ? status : `${status}: ${observed ?? message}`,
    ]),
  );
