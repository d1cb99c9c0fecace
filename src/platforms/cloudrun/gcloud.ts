import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';

/** gcloud itself takes seconds to start, and waits for what it changed. */
const LONGEST = 15 * 60_000;

export interface Project {
  readonly project: string;
  readonly region: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface SecretRef {
  readonly name: string;
  readonly key: string;
}

export interface RevisionSpec {
  readonly containers: readonly {
    readonly image: string;
    readonly env?: readonly {
      readonly name: string;
      readonly valueFrom?: { readonly secretKeyRef?: SecretRef };
    }[];
  }[];
  readonly volumes?: readonly {
    readonly secret?: {
      readonly secretName: string;
      readonly items?: readonly { readonly key: string }[];
    };
  }[];
}

/** A service as Cloud Run writes it: https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services */
export interface CloudRunService {
  readonly metadata: {
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly template: { readonly spec: RevisionSpec } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly url?: string;
    readonly conditions?: readonly Condition[];
    readonly latestReadyRevisionName?: string;
    readonly latestCreatedRevisionName?: string;
    readonly traffic?: readonly {
      readonly revisionName?: string;
      readonly percent?: number;
      readonly latestRevision?: boolean;
      readonly tag?: string;
    }[];
  };
}

/** What it prints; undefined where there is no such thing. */
export async function gcloudText(
  args: readonly string[],
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  const asked = {
    ...command('gcloud', ...args, '--quiet'),
    env: { CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
  };
  const { status, stdout, stderr, message } = await run(asked, {
    signal,
    output: 8 * 2 ** 20,
    timeout: LONGEST,
  });
  if (status === 'ok') return { value: stdout };
  if (status === 'missing')
    return { obstacle: { why: 'gcloud is not installed here', next: 'install the Google Cloud CLI' } };
  if (/cannot find|not found|NOT_FOUND/i.test(stderr)) return { value: undefined };
  const why =
    stderr.split('\n').find(line => line.startsWith('ERROR:')) ??
    (stderr.trim().split('\n').at(-1) || message);
  return { obstacle: { why: `gcloud: ${why}`, next: 'gcloud auth login, as somebody who may look at it' } };
}

/** Undefined where there is no such thing. */
export async function gcloud<T>(
  args: readonly string[],
  signal: AbortSignal,
): Promise<Answer<T | undefined>> {
  const { value, obstacle } = await gcloudText([...args, '--format=json'], signal);
  if (obstacle) return { obstacle };
  return value === undefined ? { value } : parsed(value);
}

function parsed<T>(text: string): Answer<T> {
  try {
    return { value: JSON.parse(text) as T };
  } catch {
    return { obstacle: { why: 'gcloud answers with something that is no JSON', next: 'run it by hand' } };
  }
}

export const describeService = (
  { project, region }: Project,
  name: string,
  signal: AbortSignal,
): Promise<Answer<CloudRunService | undefined>> =>
  gcloud(['run', 'services', 'describe', name, `--project=${project}`, `--region=${region}`], signal);

/** Every version of a secret that the service is started with. */
export const secretsOf = ({ spec }: CloudRunService): SecretRef[] => secretsIn(spec.template.spec);

export function secretsIn({ containers, volumes = [] }: RevisionSpec): SecretRef[] {
  const refs = [
    ...containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])),
    ...volumes.flatMap(({ secret }) =>
      (secret?.items ?? []).map(({ key }) => ({ name: secret?.secretName ?? '', key })),
    ),
  ];
  return [...new Map(refs.map(ref => [`${ref.name}:${ref.key}`, ref])).values()];
}
