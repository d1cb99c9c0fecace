import { isBuilt, type Model } from '../../../model/model.ts';
import { platformsOf } from '../platforms/index.ts';

/** What an alert means, what to look at, and what to do then: Markdown, with no values but names that are DNS labels. */
export interface Advice {
  readonly meaning: string;
  readonly look: readonly string[];
  readonly act: readonly string[];
}

/** The commands of the first platform: the one that is watched. */
export function commands(model: Model) {
  const [platform] = platformsOf(model);
  const running = model.services.filter(({ kind }) => kind !== 'job');
  return {
    status: platform?.status(running) ?? [],
    logs: platform?.logs(running.filter(isBuilt)) ?? [],
    restart: platform?.restart(running.filter(isBuilt)) ?? [],
    usage: platform?.usage(running) ?? [],
  };
}

export const ROLLBACK =
  'If it began with a release, go back first and look for the cause afterwards: [Rollback](#rollback).';
export const PROVIDER =
  'If the log names the model provider, look at its status page: a restart does not help, and each retried prompt is paid for.';
