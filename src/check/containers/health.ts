import { factOf, factsOf } from '../../artifacts/fact.ts';
import { shortName } from '../../artifacts/image.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { DATABASE } from '../stores.ts';
import { duration } from '../words.ts';
import { composeServices, productionContainers } from './compose-services.ts';
import { imageOf, isBare, isOfficial } from './images.ts';

/** Programs that need longer than the usual 90 s of docker's defaults to answer, or load gigabytes first. */
const SLOW =
  /^(?:vllm-openai|text-generation-inference|tritonserver|elasticsearch|opensearch|cassandra|milvus|keycloak)$/;

/** Containers of compose and of `docker run` that somebody counts on. */
export function judgedHealth(context: Context): Finding[] {
  const containers = context.members.filter(
    member => member.form === 'container' && /^(?:compose|docker)$/.test(member.platform),
  );
  const judged = new Set(productionContainers(context));
  const running = containers.filter(member => judged.has(member) && member.longRunning);
  const needed = needers(containers);
  const named: Named = new Map(containers.map(member => [keyOf(member, member.name), member]));
  return [
    ...running.flatMap(member => unchecked(context, member, needed)),
    ...running.flatMap(slowStart),
    ...running.flatMap(readiness),
    ...composeServices(context)
      .filter(({ member }) => judged.has(member))
      .flatMap(({ member }) => unawaited(context, member, named)),
  ];
}

/** By file and name: what stands there, and the first that needs it. */
type Named = ReadonlyMap<string, Member>;

const keyOf = (member: Member, name: string): string => `${member.document.name} ${name}`;

const needers = (all: readonly Member[]): Named =>
  new Map(
    [...all]
      .reverse()
      .flatMap(each => factsOf(each, 'depends').map(({ value }) => [keyOf(each, value.name), each])),
  );

/** Whether something checks it; undefined where only the maker of its image knows. */
function isChecked(context: Context, member: Member): boolean | undefined {
  if (factOf(member, 'health')) return true;
  const built = imageOf(context, member);
  if (built) return factOf(built, 'health') !== undefined;
  const image = factOf(member, 'image')?.value;
  // Official images have none by policy: https://github.com/docker-library/faq#healthcheck
  return image && !factOf(member, 'build') && isOfficial(image) ? false : undefined;
}

function unchecked(context: Context, member: Member, needed: Named): Finding[] {
  if (isChecked(context, member) !== false) return [];
  const needing = needed.get(keyOf(member, member.name));
  const published = factOf(member, 'port.published');
  if (!needing && !published) return [];
  const built = imageOf(context, member);
  const base = built && factOf(built, 'image')?.value;
  const why = needing ? `${needing.name} needs it` : `port ${published?.value.port} is published`;
  const { name } = member;
  if (base && isBare(base))
    return [
      {
        at: member.at,
        severity: 'info',
        message: `nothing checks ${name} (${why}), and its image holds no program that could: the service has to check itself`,
      },
    ];
  return [{ at: member.at, message: `nothing checks whether ${name} works, and ${why}` }];
}

/** A check that counts failures while a model is loaded. */
function slowStart(member: Member): Finding[] {
  const image = factOf(member, 'image')?.value;
  const health = factOf(member, 'health');
  if (!image || !health || !SLOW.test(shortName(image)) || health.value.delay !== undefined) return [];
  const time = (health.value.period ?? 30_000) * (health.value.failures ?? 3);
  if (time > 120_000) return [];
  return [
    {
      at: health.at,
      severity: 'info',
      message: `${member.name} is unhealthy after ${duration(time)}, without a start_period for its start (${image.raw})`,
    },
  ];
}

function readiness(member: Member): Finding[] {
  return factsOf(member, 'health').flatMap(({ value, at }): Finding[] => {
    const path = /\/(?:ready|readyz|readiness|health\/ready)\b/.exec(value.command?.join(' ') ?? '')?.[0];
    const image = factOf(member, 'image')?.value;
    if (!path || value.role !== 'container' || (image && DATABASE.test(shortName(image)))) return [];
    const message = `the health of ${member.name} is its readiness (${path}): while a dependency fails, a sound container counts as unhealthy`;
    return [{ at, severity: 'info', message }];
  });
}

/** Waits for the container, not for the service in it. */
function unawaited(context: Context, member: Member, all: Named): Finding[] {
  return factsOf(member, 'depends').flatMap(({ value: { name, condition }, at }): Finding[] => {
    const other = all.get(keyOf(member, name));
    if (!other || condition === 'service_healthy' || condition === 'service_completed_successfully')
      return [];
    if (isChecked(context, other) !== true) return [];
    const health = factOf(other, 'health') ?? factOf(imageOf(context, other) ?? other, 'health');
    return [
      {
        at,
        message: `${member.name} starts with ${name}, not once it is healthy (${condition ?? 'service_started, default'})`,
        ...(health ? { related: [{ ...health.at, message: `the health check of ${name}` }] } : {}),
      },
    ];
  });
}
