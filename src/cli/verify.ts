import { setTimeout as sleep } from 'node:timers/promises';
import { nearest } from '../config/nearest.ts';
import { createProbeProgress } from '../report/verification/progress.ts';
import type { Deployment } from '../verify/deployment.ts';
import { type Planned, plan } from '../verify/plan.ts';
import type { Flags } from '../verify/probe.ts';
import { PROBES } from '../verify/probes/all.ts';
import { type RunOptions, run, verdictOf } from '../verify/run.ts';
import type { ProbeResult, Verdict, Verification } from '../verify/verification.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';
import { interruption } from './interrupt.ts';
import { modelOf, type Subject, subjectOf } from './verify/deployment.ts';
import { durationOf, flagsOf, numbersOf, reachOf, type VerifyOptions, waitOf } from './verify/options.ts';
import { checkPage, report } from './verify/report.ts';

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: EXIT.yes,
  fail: EXIT.no,
  inconclusive: EXIT.unknown,
};

export async function verifyDeployment(context: Context, options: VerifyOptions): Promise<ExitCode> {
  if (options.listProbes) return listProbes(context);
  checkNames([...(options.only ?? []), ...(options.skip ?? [])]);
  checkPage(context, options.report);
  const reach = reachOf(options, context.root);
  const model = await modelOf(context, options);
  const numbers = numbersOf(model);
  const flags = flagsOf(options, numbers);
  const subject = await subjectOf(context, model, reach, options);
  const every = durationOf('--watch', options.watch);
  const secrets = [reach.token, ...secretsOf(subject.deployment, flags)].filter(value => value !== undefined);
  const limits: Limits = {
    signal: interruption(),
    wait: waitOf(options, numbers),
    interval: numbers.interval,
    timeout: numbers.timeout,
    attempts: options.wait === true ? numbers.attempts : Number.POSITIVE_INFINITY,
    deadline: durationOf('--deadline', options.deadline),
    secrets,
  };
  for (;;) {
    const verification = await verifyOnce(context, subject, flags, options, limits);
    await report(context, verification, options.report);
    if (verification.interrupted) return EXIT.interrupted;
    if (every === undefined) return CODES[verification.verdict];
    await sleep(every, undefined, { signal: limits.signal }).catch(() => undefined);
    if (limits.signal.aborted) return EXIT.interrupted;
  }
}

type Limits = Omit<RunOptions, 'deadline' | 'onStart' | 'onEnd'> & { readonly deadline: number | undefined };

async function verifyOnce(
  context: Context,
  { deployment, explored }: Subject,
  flags: Flags,
  options: VerifyOptions,
  limits: Limits,
): Promise<Verification> {
  const startedAt = new Date();
  const started = performance.now();
  const choice = { only: options.only ?? [], skip: options.skip ?? [] };
  const perform = (planned: readonly Planned[]) => runShown(context, planned, limits);
  // Of an address alone it is first found out what there is to look at.
  const discovery = plan(PROBES, deployment, flags, deployment.unexplored ? { only: [], skip: [] } : choice);
  const first = await perform(discovery);
  const more = explored();
  const found = more
    ? plan(PROBES, more, flags, choice).filter(({ id }) => first.every(each => each.id !== id))
    : [];
  const second = found.length > 0 ? await perform(found) : [];
  const probes = [...first, ...shifted(second, first)];
  return {
    target: deployment.target,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    verdict: verdictOf(probes),
    interrupted: limits.signal.aborted,
    probes,
  };
}

/** Their clock began when the others had ended. */
function shifted(results: readonly ProbeResult[], before: readonly ProbeResult[]): ProbeResult[] {
  const offset = Math.max(0, ...before.map(({ startedMs, durationMs }) => startedMs + durationMs));
  return results.map(each => ({ ...each, startedMs: each.startedMs + offset }));
}

/** What a run gets beyond the time that its probes may take. */
const MARGIN = 5_000;

async function runShown(
  context: Context,
  planned: readonly Planned[],
  limits: Limits,
): Promise<ProbeResult[]> {
  const longest = Math.max(0, ...planned.map(({ spec }) => spec.timeout ?? limits.timeout));
  const deadline = limits.deadline ?? limits.wait + 2 * longest + MARGIN;
  if (context.format !== 'text' || context.quiet) return run(planned, { ...limits, deadline });
  const progress = createProbeProgress(process.stderr, planned.length, !process.stdout.isTTY);
  try {
    return await run(planned, { ...limits, deadline, onStart: progress.started, onEnd: progress.ended });
  } finally {
    progress.close();
  }
}

/** Whatever this process knows as a secret of the configuration: a server may send back what it was sent. */
function secretsOf({ model }: Deployment, { env }: Flags): (string | undefined)[] {
  const names = model?.services.flatMap(({ secrets }) => secrets.map(({ name }) => name)) ?? [];
  const used =
    model?.services.flatMap(({ smoke }) => JSON.stringify(smoke).match(/secret\.\w+/g) ?? []) ?? [];
  return [...names, ...used.map(name => name.slice('secret.'.length))].map(name => env[name]);
}

function checkNames(names: readonly string[]): void {
  const ids = PROBES.map(({ id }) => id);
  for (const name of names) {
    const id = name.split('/')[0] ?? '';
    if (ids.includes(id)) continue;
    const offer = nearest(id, ids);
    throw new UsageError(
      `no probe ${name}; ${offer ? `did you mean ${offer}?` : '--list-probes names them'}`,
    );
  }
}

function listProbes(context: Context): ExitCode {
  const width = Math.max(...PROBES.map(({ id }) => id.length));
  if (context.format === 'json') context.json({ probes: PROBES.map(({ id, title }) => ({ id, title })) });
  else context.result(PROBES.map(({ id, title }) => `${id.padEnd(width)}  ${title}`).join('\n'));
  return EXIT.yes;
}
