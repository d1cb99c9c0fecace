import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Model } from '../model/model.ts';
import type { Deployment } from '../verify/deployment.ts';
import { endpointsOf } from '../verify/endpoints.ts';
import { plan } from '../verify/plan.ts';
import type { Flags } from '../verify/probe.ts';
import { PROBES } from '../verify/probes/all.ts';
import { run, verdictOf } from '../verify/run.ts';
import type { Verdict, Verification } from '../verify/verification.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';
import { readModel } from './project.ts';

export interface VerifyOptions {
  readonly url?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly listProbes?: boolean;
}

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: EXIT.yes,
  fail: EXIT.no,
  inconclusive: EXIT.unknown,
};

export async function verifyDeployment(context: Context, options: VerifyOptions): Promise<ExitCode> {
  if (options.listProbes) return listProbes(context);
  const startedAt = new Date();
  const started = performance.now();
  const deployment = await deploymentOf(context, options);
  const planned = plan(PROBES, deployment, FLAGS, { only: options.only ?? [], skip: options.skip ?? [] });
  const probes = await run(planned, {
    signal: new AbortController().signal,
    wait: 0,
    interval: 2_000,
    timeout: FLAGS.timeout,
    deadline: 300_000,
    attempts: 30,
    secrets: [],
  });
  const verification: Verification = {
    target: deployment.target,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    verdict: verdictOf(probes),
    interrupted: false,
    probes,
  };
  context.json(verification);
  return CODES[verification.verdict];
}

const FLAGS: Flags = {
  platform: undefined,
  hosts: [],
  timeout: 5_000,
  samples: 50,
  concurrency: 5,
  expectVersion: undefined,
  long: false,
  drain: false,
  rehearseRestore: false,
  watching: false,
  env: process.env,
};

async function deploymentOf(context: Context, { url }: VerifyOptions): Promise<Deployment> {
  const reach = {
    url: url === undefined ? undefined : addressIn(url),
    connectTo: undefined,
    ca: undefined,
    token: undefined,
  };
  const model = await modelOf(context, url !== undefined);
  const target = url ?? model?.name ?? '';
  const endpoints = model ? endpointsOf(model, reach) : [];
  return { target, model, endpoints, artifacts: [] };
}

/** An address alone is enough; where there is a configuration it says more. */
async function modelOf(context: Context, optional: boolean): Promise<Model | undefined> {
  if (optional && !existsSync(resolve(context.root, context.configFile))) return undefined;
  return readModel(context);
}

function addressIn(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`--url ${text}: an address such as https://chat.example.com is needed`);
}

function listProbes(context: Context): ExitCode {
  if (context.format === 'json') context.json({ probes: PROBES.map(({ id, title }) => ({ id, title })) });
  else context.result(PROBES.map(({ id, title }) => `${id.padEnd(16)} ${title}`).join('\n'));
  return EXIT.yes;
}
