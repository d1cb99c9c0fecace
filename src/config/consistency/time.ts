import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

const CLOUD_RUN_LONGEST = 3_600_000;

const seconds = (milliseconds: number) => `${milliseconds / 1000}s`;

/** Times that can't hold together: a part that is longer than its whole. */
export function timeProblems(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) => [
    ...ownTimes(name, service),
    ...(carriedByCloudRun(config, name, service) ? cloudRunTimes(name, service) : []),
  ]);
}

function ownTimes(name: string, { timeouts, stream, workers }: ServiceConfig): Contradiction[] {
  const problems: Contradiction[] = [];
  const tell = (section: string, key: string, value: number, message: string) =>
    problems.push({ path: ['services', name, section, key], message, value: seconds(value) });
  if (timeouts.llm !== undefined && timeouts.llm >= timeouts.request)
    tell(
      'timeouts',
      'llm',
      timeouts.llm,
      `a model call must end before its request does (timeouts.request is ${seconds(timeouts.request)})`,
    );
  if (
    workers.timeout !== undefined &&
    workers.timeout <= longestSilence(timeouts.drain, timeouts.request, stream)
  )
    tell(
      'workers',
      'timeout',
      workers.timeout,
      `a draining worker is silent, so this must be longer than the drain (${seconds(longestSilence(timeouts.drain, timeouts.request, stream))}); omit it to derive it`,
    );
  if (stream.kind === 'none') return problems;
  for (const key of ['heartbeat', 'firstEvent', 'idle'] as const)
    if (stream[key] >= stream.maxDuration)
      tell(
        'stream',
        key,
        stream[key],
        `must be shorter than the whole stream (stream.maxDuration is ${seconds(stream.maxDuration)})`,
      );
  if (stream.heartbeat >= stream.idle)
    tell(
      'stream',
      'heartbeat',
      stream.heartbeat,
      `a heartbeat must come before the stream counts as idle (stream.idle is ${seconds(stream.idle)})`,
    );
  return problems;
}

/** The drain as the model derives it: R + 5 s unless it is given. */
const longestSilence = (
  drain: number | undefined,
  request: number,
  stream: ServiceConfig['stream'],
): number => drain ?? (stream.kind === 'none' ? request : Math.max(stream.maxDuration, request)) + 5_000;

const carriedByCloudRun = ({ targets }: Config, name: string, service: ServiceConfig) =>
  targets.cloudrun !== undefined &&
  service.language !== undefined &&
  (targets.cloudrun.services ?? [name]).includes(name);

function cloudRunTimes(name: string, { timeouts, stream }: ServiceConfig): Contradiction[] {
  const [section, key, longest] =
    stream.kind === 'none' || timeouts.request > CLOUD_RUN_LONGEST
      ? ['timeouts', 'request', timeouts.request]
      : ['stream', 'maxDuration', stream.maxDuration];
  if (Number(longest) <= CLOUD_RUN_LONGEST) return [];
  const message =
    'Cloud Run ends every request after 3600s; shorten it, or leave this service out of targets.cloudrun.services';
  return [
    { path: ['services', name, String(section), String(key)], message, value: seconds(Number(longest)) },
  ];
}
