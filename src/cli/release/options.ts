import { nearest } from '../../config/nearest.ts';
import { STRATEGIES } from '../../release/strategies/all.ts';
import { UsageError } from '../exit.ts';

export interface DeployOptions {
  readonly host?: readonly string[];
  readonly tag?: string;
  readonly image?: readonly string[];
  readonly dryRun?: boolean;
  readonly verify: boolean;
  readonly rollback: boolean;
  readonly recordOnly?: boolean;
  readonly migration?: 'expand' | 'contract';
  readonly build: string;
  readonly url?: string;
  readonly tokenFrom?: string;
  readonly wait?: string;
}

export interface RollbackOptions
  extends Pick<DeployOptions, 'host' | 'dryRun' | 'verify' | 'build' | 'url' | 'tokenFrom' | 'wait'> {
  readonly to?: string;
  readonly list?: boolean;
  readonly withDatabase?: string;
  readonly acrossMigrations?: boolean;
  readonly yes?: boolean;
}

export type VerifyWishes = Pick<DeployOptions, 'host' | 'url' | 'tokenFrom' | 'wait'>;

export interface ReleasesOptions extends Pick<DeployOptions, 'host' | 'build'> {
  readonly platform?: string;
}

/** By which it is verified, also when somebody returns to it and the project says something else by then. */
export const CONFIGURATION = 'aideploy.yaml';

/** Of the demo and of tests: known, and not offered. */
export const INTERNAL = 'process';

export const PLATFORMS: readonly string[] = Object.keys(STRATEGIES).filter(name => name !== INTERNAL);

export function platformNamed(name: string): string {
  const id = name === 'k8s' ? 'kubernetes' : name;
  if (Object.hasOwn(STRATEGIES, id)) return id;
  const offer = nearest(name, PLATFORMS);
  throw new UsageError(
    `no platform ${name}; ${offer ? `did you mean ${offer}?` : `there are ${PLATFORMS.join(', ')}`}`,
  );
}

/** The one that is meant where none is named: the only one that the configuration renders for. */
export function platformMeant(name: string | undefined, targets: readonly string[]): string {
  if (name !== undefined) return platformNamed(name);
  const rendered = PLATFORMS.filter(platform => targets.includes(platform));
  if (rendered.length === 1 && rendered[0] !== undefined) return rendered[0];
  throw new UsageError(
    `which platform? the configuration renders for ${rendered.join(', ') || 'none'}; name it`,
  );
}

/** Behind the flags of each command that reads or writes a record. */
export const STATE_HELP =
  '\nEnvironment:\n  AIDEPLOY_STATE  where a host of Compose keeps releases and their record\n                  (default: /var/lib/aideploy)';

const KNOWN = /^([^=]+)=([^\s@]+@sha256:[0-9a-f]{64})$/;

/** Where an image may be named in the place of a tag. */
const BY_DIGEST: readonly string[] = ['cloudrun', 'kubernetes'];

/** By service: the image of each `--image`. */
export function imagesOf(
  given: readonly string[],
  platform: string,
  services: readonly string[],
): Readonly<Record<string, string>> {
  if (given.length > 0 && !BY_DIGEST.includes(platform))
    throw new UsageError(
      `--image: known on ${BY_DIGEST.join(' and ')} only; elsewhere the tag says which images are meant`,
    );
  return Object.fromEntries(
    given.map(each => {
      const [, service = '', image = ''] = KNOWN.exec(each) ?? [];
      if (image === '')
        throw new UsageError(`--image ${each}: write it as <service>=<image>@sha256:<64 digits>`);
      if (services.includes(service)) return [service, image];
      const offer = nearest(service, services);
      throw new UsageError(
        `--image ${each}: no service ${service}; ${offer ? `did you mean ${offer}?` : `there are ${services.join(', ')}`}`,
      );
    }),
  );
}
