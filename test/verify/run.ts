/** One run of the network's probes, as the command line makes it. */
import { endpointsOf, type Reach } from '../../src/verify/endpoints.ts';
import type { Flags } from '../../src/verify/probe.ts';
import { PROBES } from '../../src/verify/probes/all.ts';
import { known, strangerAt } from '../../src/verify/subject.ts';
import type { ProbeResult, Verification } from '../../src/verify/verification.ts';
import { type Limits, verify } from '../../src/verify/verify.ts';
import { modelOf } from '../model/models.ts';

export interface Asked extends Partial<Omit<Reach, 'url'>> {
  readonly url: string;
  /** The configuration; without one the address is all that is known. */
  readonly yaml?: string;
  readonly flags?: Partial<Flags>;
  readonly limits?: Partial<Limits>;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Where services answer directly, by their keys. */
  readonly addresses?: Readonly<Record<string, URL>>;
}

export function verifying({
  url,
  yaml,
  flags,
  limits,
  only = [],
  skip = [],
  ...more
}: Asked): Promise<Verification> {
  const reach = { url: new URL(url), connectTo: undefined, ca: undefined, token: undefined, ...more };
  const model = yaml === undefined ? undefined : modelOf(yaml);
  const subject = model
    ? known({ target: url, model, endpoints: endpointsOf(model, reach), artifacts: [] })
    : strangerAt(reach.url, reach);
  const timeout = flags?.timeout ?? model?.verify.timeout ?? 5_000;
  return verify(
    PROBES,
    subject,
    {
      platform: undefined,
      hosts: [],
      timeout,
      samples: 30,
      concurrency: 5,
      expectVersion: undefined,
      long: false,
      drain: false,
      rehearseRestore: false,
      watching: false,
      env: {},
      ...flags,
    },
    { only, skip },
    {
      signal: new AbortController().signal,
      wait: 0,
      interval: 100,
      timeout,
      attempts: Number.POSITIVE_INFINITY,
      deadline: undefined,
      secrets: [],
      ...limits,
    },
  );
}

export function probeOf({ probes }: Verification, id: string): ProbeResult {
  const found = probes.find(probe => probe.id === id);
  if (!found) throw new Error(`no probe ${id} among ${probes.map(probe => probe.id).join(', ')}`);
  return found;
}

/** What is not well, for an assertion that shows it. */
export const troublesOf = ({ probes }: Verification): string[] =>
  probes
    .filter(({ status }) => status !== 'pass' && status !== 'skip')
    .map(({ id, status, message }) => `${status} ${id}: ${message}`);
