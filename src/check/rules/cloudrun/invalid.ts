import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { type Call, type Flag, flagOf } from '../../../artifacts/shell/gcloud.ts';
import { BETA_ONLY, FLAGS, GLOBAL } from '../../../artifacts/shell/gcloud-flags.ts';
import { nearest } from '../../../config/nearest.ts';
import { cloudRunServices, gcloudCalls, isAsked, titledService } from '../../cloudrun.ts';
import type { Context, Member } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cloudRunFaults } from '../../schemas/cloudrun.ts';
import { shellsOf } from '../../scripts.ts';
import { duration } from '../../words.ts';

export const invalidCommand: Rule = {
  id: 'cloudrun/invalid',
  severity: 'error',
  title: 'a command or a setting that Cloud Run refuses',
  why: '`gcloud` stops at a flag that is not of that command, and asks for a region where it can ask nobody; a timeout beyond an hour and a variable that the platform sets itself are refused when the deployment has already begun.',
  fix: 'Use the flags of that command, name the region, and stay within what Cloud Run allows.',
  fixable: 'no',
  example: {
    bad: 'gcloud run services update chat --allow-unauthenticated',
    good: 'gcloud run services add-iam-policy-binding chat --member=allUsers --role=roles/run.invoker',
  },
  check: context => [
    ...gcloudCalls(context).flatMap(call => [...strangeFlags(call), ...otherTrack(call)]),
    ...withoutRegion(context),
    ...oncePerPlace(cloudRunServices(context).flatMap(each => refused(context, each))),
    ...context.of('cloudrun').flatMap(cloudRunFaults),
  ],
};

function strangeFlags(call: Call): Finding[] {
  const own = FLAGS.get(call.path);
  return own ? call.flags.flatMap(flag => strangeFlag(call, own, flag)) : [];
}

/** A flag that no list knows may be newer than the lists. */
function strangeFlag({ path, track }: Call, own: readonly string[], { name, at }: Flag): Finding[] {
  const plain = name.replace(/^no-/, '');
  if ([name, plain, `no-${name}`].some(each => own.includes(each) || GLOBAL.has(each))) return [];
  const others = [...FLAGS].filter(([, flags]) => flags.includes(plain)).map(([other]) => other);
  const near =
    others.length === 0 && track === 'ga'
      ? own.find(each => each === nearest(name, own) && isSlip(name, each))
      : undefined;
  if (others.length === 0 && !near) return [];
  const hint = near ? `: --${near} is` : `, but of gcloud ${others[0]}`;
  return [{ at, message: `--${name} is no flag of gcloud ${path}${hint}` }];
}

const isSlip = (name: string, other: string): boolean =>
  Math.abs(name.length - other.length) <= 2 && name[0] === other[0];

function otherTrack({ path, track, at, command }: Call): Finding[] {
  if (track !== 'ga') return [];
  const written = command.words.map(each => each.value ?? each.raw).join(' ');
  // Of managed Cloud Run the beta track alone has them: https://cloud.google.com/run/docs/mapping-custom-domains
  const group =
    path.startsWith('run domain-mappings') && !/--platform[= ](?:gke|kubernetes)/.test(written)
      ? 'run domain-mappings'
      : BETA_ONLY.find(each => path.startsWith(each));
  return group ? [{ at, message: `gcloud ${group} exists as gcloud beta ${group} only` }] : [];
}

/** Where nobody is asked: a script, a step of a workflow. */
function withoutRegion(context: Context): Finding[] {
  const set = context.documents.some(({ text }) =>
    /CLOUDSDK_RUN_REGION|set\s+run\/region|run\/region/.test(text.content),
  );
  if (set) return [];
  const unattended = new Set(
    shellsOf(context)
      .filter(({ host }) => host.kind !== 'markdown')
      .map(({ document }) => document),
  );
  return gcloudCalls(context)
    .filter(
      call =>
        unattended.has(call.document) &&
        FLAGS.has(call.path) &&
        call.path !== 'run services list' &&
        !call.open,
    )
    .filter(call => !flagOf(call, 'region', 'regions', 'platform', 'flags-file', 'cluster'))
    .map(call => ({ at: call.at, message: `gcloud ${call.path} names no region` }));
}

/** https://cloud.google.com/run/docs/configuring/request-timeout, …/about-concurrency and …/container-contract#env-vars */
const [HOUR, MOST] = [3_600_000, 1_000];

function refused(context: Context, member: Member): Finding[] {
  const timeout = factOf(member, 'timeout.request');
  const concurrency = factOf(member, 'concurrency');
  const taken = isAsked(context, member)
    ? /^(?:PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$/
    : /^K_(?:SERVICE|REVISION|CONFIGURATION)$/;
  const reserved = factsOf(member, 'env').filter(({ value }) => taken.test(value.name));
  return [
    ...(timeout && timeout.value > HOUR && Number.isFinite(timeout.value)
      ? [
          {
            at: timeout.at,
            message: `${titledService(member)} asks for a timeout of ${duration(timeout.value)}; an hour is the most`,
          },
        ]
      : []),
    ...(concurrency && concurrency.value > MOST
      ? [
          {
            at: concurrency.at,
            message: `${titledService(member)} asks for ${concurrency.value} requests at a time; ${MOST} is the most`,
          },
        ]
      : []),
    ...reserved.map(({ value, at }) => ({
      at,
      message: `${value.name} is set by Cloud Run itself, and refused for ${titledService(member)}`,
    })),
  ];
}
