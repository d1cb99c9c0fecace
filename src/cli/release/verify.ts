import type { ProjectModel } from '../../model/model.ts';
import type { Verdict } from '../../release/run.ts';
import type { Goal } from '../../release/strategy.ts';
import type { Flags } from '../../verify/probe.ts';
import { PROBES } from '../../verify/probes/all.ts';
import type { ProbeResult, Verification } from '../../verify/verification.ts';
import { verify } from '../../verify/verify.ts';
import type { Context } from '../context.ts';
import { modelIn } from '../project.ts';
import { secretsOf, subjectOf } from '../verify/deployment.ts';
import { flagsOf, limitsOf, numbersOf, reachOf, type VerifyOptions } from '../verify/options.ts';
import { CONFIGURATION, INTERNAL, type VerifyWishes } from './options.ts';

/** The platform calls it ready already: whoever waits longer for a bad release only keeps it in service longer. */
const WAIT = '20s';

/**
 * What is wrong with these before a deploy is so after it, and going back would not mend it; or they judge the newest
 * revision, which need not be that of the release.
 */
const NOT_OF_A_RELEASE = [
  'cloudrun-revision',
  'cloudrun-secrets',
  'cloudrun-traffic',
  'database-backup',
  'host-clock',
  'host-disk',
];

/** What `aideploy verify --platform` would say of a release, by the configuration and the files that it came with. */
export async function verifyRelease(
  context: Context,
  now: ProjectModel,
  platform: string,
  wishes: VerifyWishes,
  { release: { tag }, files }: Goal,
  signal: AbortSignal,
): Promise<Verdict> {
  const configuration = files.find(({ path }) => path === CONFIGURATION);
  const model = configuration ? modelIn(context, configuration.content, tag) : now;
  const options: VerifyOptions = {
    ...wishes,
    expectVersion: tag,
    wait: wishes.wait ?? WAIT,
    ...(platform !== INTERNAL && { platform }),
  };
  const numbers = numbersOf(model);
  const reach = await reachOf(options, context.root, model, signal);
  const flags: Flags = flagsOf(options, numbers);
  const subject = await subjectOf(
    context,
    model,
    reach,
    options,
    platform === INTERNAL ? [] : files.map(file => ({ ...file, target: platform })),
  );
  const verification = await verify(
    PROBES,
    subject,
    flags,
    { only: [], skip: NOT_OF_A_RELEASE },
    await limitsOf(options, numbers, signal, secretsOf(subject.deployment, flags, reach.token)),
  );
  return verdictOf(verification);
}

function verdictOf({ verdict, probes }: Verification): Verdict {
  const count = (status: ProbeResult['status']) => probes.filter(probe => probe.status === status).length;
  const said = ({ id, message }: ProbeResult) => `${id}: ${message}`;
  const bad = probes.filter(({ status }) => status === 'fail');
  const unsure = probes.filter(({ status }) => status === 'error' || status === 'inconclusive');
  const [first, ...others] = [...bad, ...unsure].map(said);
  if (verdict === 'pass') return { verdict, summary: `${count('pass')} probes passed`, details: [] };
  return { verdict, summary: first ?? 'no probe could look', details: others };
}
