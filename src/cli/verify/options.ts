import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Model } from '../../model/model.ts';
import type { Reach } from '../../verify/endpoints.ts';
import { type Flags, PLATFORMS, type Platform } from '../../verify/probe.ts';
import type { Limits } from '../../verify/verify.ts';
import { UsageError } from '../exit.ts';

export interface VerifyOptions {
  readonly url?: string;
  readonly platform?: string;
  readonly host?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly wait?: string | true;
  readonly watch?: string;
  readonly deadline?: string;
  readonly expectVersion?: string;
  readonly samples?: string;
  readonly concurrency?: string;
  readonly long?: boolean;
  readonly drain?: boolean;
  readonly rehearseRestore?: boolean;
  readonly tokenFrom?: string;
  readonly connectTo?: string;
  readonly ca?: string;
  readonly report?: string;
  readonly listProbes?: boolean;
}

/** What the configuration says where there is none. */
const DEFAULTS: Model['verify'] = {
  attempts: 30,
  interval: 2_000,
  timeout: 5_000,
  samples: 50,
  concurrency: 5,
};

export type Numbers = Model['verify'];

export const numbersOf = (model: Model | undefined): Numbers => model?.verify ?? DEFAULTS;

export function flagsOf(options: VerifyOptions, { timeout, samples, concurrency }: Numbers): Flags {
  return {
    platform: platformOf(options.platform),
    hosts: options.host ?? [],
    timeout,
    samples: countOf('--samples', options.samples) ?? samples,
    concurrency: countOf('--concurrency', options.concurrency) ?? concurrency,
    expectVersion: options.expectVersion,
    long: options.long ?? false,
    drain: options.drain ?? false,
    rehearseRestore: options.rehearseRestore ?? false,
    watching: options.watch !== undefined,
    env: process.env,
  };
}

/** How one gets to what is verified: as the command line says, else as the platform knows. */
export async function reachOf(
  { url, connectTo, ca, tokenFrom, platform, host, watch }: VerifyOptions,
  root: string,
  model: Model | undefined,
  signal: AbortSignal,
): Promise<Reach> {
  const token = tokenFrom === undefined ? undefined : process.env[tokenFrom];
  if (tokenFrom !== undefined && !token)
    throw new UsageError(`--token-from ${tokenFrom}: this variable is not set, or is empty`);
  const said: Reach = {
    url: url === undefined ? undefined : addressIn(url),
    connectTo,
    ca: ca === undefined ? undefined : authorityIn(ca, root),
    token,
  };
  if (model && platform === 'cloudrun') {
    const { cloudRunReach } = await import('../../verify/cloudrun-reach.ts');
    return cloudRunReach(model, said, signal);
  }
  // Whoever watches outlives containers, and with them their addresses.
  if (model && platform === 'compose' && host === undefined && watch === undefined) {
    const { composeReach } = await import('../../verify/compose-reach.ts');
    return composeReach(model, said, signal);
  }
  return said;
}

function addressIn(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url ${text}: an address such as https://chat.example.com is needed`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--url: a password in an address is seen by everybody; use --token-from');
  return url;
}

function authorityIn(file: string, root: string): string {
  const pem = readFileSync(resolve(root, file), 'utf8');
  if (!pem.includes('BEGIN CERTIFICATE'))
    throw new UsageError(`--ca ${file}: it holds no certificate in PEM`);
  return pem;
}

/** Within a duration one asks as often as it takes. */
export async function limitsOf(
  options: VerifyOptions,
  numbers: Numbers,
  signal: AbortSignal,
  secrets: readonly string[],
): Promise<Limits> {
  const { attempts, interval, timeout } = numbers;
  return {
    signal,
    wait: await waitOf(options, numbers),
    interval,
    timeout,
    attempts: options.wait === true ? attempts : Number.POSITIVE_INFINITY,
    deadline: await durationOf('--deadline', options.deadline),
    secrets,
  };
}

/** Milliseconds of --wait, with nothing behind it as long as the configuration asks. */
async function waitOf({ wait }: VerifyOptions, { attempts, interval }: Numbers): Promise<number> {
  return wait === true ? attempts * interval : ((await durationOf('--wait', wait)) ?? 0);
}

/** The schema is loaded on use: who asks an address alone needs none of it. */
export async function durationOf(flag: string, text: string | undefined): Promise<number | undefined> {
  if (text === undefined) return undefined;
  const { duration } = await import('../../config/schema/scalars.ts');
  const parsed = duration().safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${flag} ${text}: a duration such as 90s or 2m is needed`);
}

function countOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`${flag} ${text}: a whole number such as 100 is needed`);
}

function platformOf(name: string | undefined): Platform | undefined {
  const id = name === 'k8s' ? 'kubernetes' : name;
  const known = PLATFORMS.find(each => each === id);
  if (id === undefined || known) return known;
  throw new UsageError(`--platform ${name}: there are ${PLATFORMS.join(', ')}`);
}
