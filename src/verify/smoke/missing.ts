import { failedToLook, type Observation } from '../probe.ts';
import type { SmokeRequest } from './request.ts';

/** A smoke cannot be sent without its secrets. */
export const withoutSecrets = ({ missing }: SmokeRequest): Observation | undefined =>
  missing.length === 0
    ? undefined
    : failedToLook({
        expected: `${missing.join(', ')} in the environment`,
        observed: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set, so the request was not sent`,
        next: `export ${missing.join(' and ')} where verify runs`,
      });
