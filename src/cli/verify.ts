import { setTimeout as sleep } from 'node:timers/promises';
import { nearest } from '../config/nearest.ts';
import { createProbeProgress } from '../report/verification/progress.ts';
import { PROBES } from '../verify/probes/all.ts';
import type { Verdict } from '../verify/verification.ts';
import { verify, type Watcher } from '../verify/verify.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';
import { interruption } from './interrupt.ts';
import { modelOf, secretsOf, subjectOf } from './verify/deployment.ts';
import { durationOf, flagsOf, limitsOf, numbersOf, reachOf, type VerifyOptions } from './verify/options.ts';
import { checkPage, report } from './verify/report.ts';

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  pass: EXIT.yes,
  fail: EXIT.no,
  inconclusive: EXIT.unknown,
};

export async function verifyDeployment(context: Context, options: VerifyOptions): Promise<ExitCode> {
  if (options.listProbes) return listProbes(context);
  const choice = { only: options.only ?? [], skip: options.skip ?? [] };
  checkNames([...choice.only, ...choice.skip]);
  checkPage(context, options.report);
  const model = await modelOf(context, options);
  const signal = interruption();
  const reach = await reachOf(options, context.root, model, signal);
  const numbers = numbersOf(model);
  const flags = flagsOf(options, numbers);
  const subject = await subjectOf(context, model, reach, options);
  const every = await durationOf('--watch', options.watch);
  const secrets = secretsOf(subject.deployment, flags, reach.token);
  const limits = await limitsOf(options, numbers, signal, secrets);
  for (;;) {
    const verification = await verify(PROBES, subject, flags, choice, limits, watcherOf(context));
    await report(context, verification, options.report);
    if (verification.interrupted) return EXIT.interrupted;
    if (every === undefined) return CODES[verification.verdict];
    await sleep(every, undefined, { signal: limits.signal }).catch(() => undefined);
    if (limits.signal.aborted) return EXIT.interrupted;
  }
}

/** Lines for people; a document says all of it at the end. */
function watcherOf(context: Context): Watcher | undefined {
  if (context.format !== 'text' || context.quiet) return undefined;
  return total => {
    const { started, ended, close } = createProbeProgress(
      process.stderr,
      context.live,
      total,
      !process.stdout.isTTY,
    );
    return { onStart: started, onEnd: ended, close };
  };
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
