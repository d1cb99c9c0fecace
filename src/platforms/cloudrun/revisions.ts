import type { Answer } from '../answer.ts';
import { gcloud, type Project, type RevisionSpec } from './gcloud.ts';

/** A revision as Cloud Run writes it: https://cloud.google.com/run/docs/reference/rest/v1/namespaces.revisions */
export interface Revision {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
  };
  readonly spec?: RevisionSpec;
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** Nobody goes back further; Cloud Run itself keeps a thousand. */
const NEWEST = 200;

export async function revisionsOf(
  { project, region }: Project,
  service: string,
  signal: AbortSignal,
): Promise<Answer<readonly Revision[]>> {
  const { value, obstacle } = await gcloud<readonly Revision[]>(
    [
      ...['run', 'revisions', 'list', `--service=${service}`, `--project=${project}`, `--region=${region}`],
      ...['--sort-by=~metadata.creationTimestamp', `--limit=${NEWEST}`],
    ],
    signal,
  );
  return obstacle ? { obstacle } : { value: value ?? [] };
}

export const isReady = ({ status }: Revision): boolean =>
  status?.conditions?.some(({ type, status: said }) => type === 'Ready' && said === 'True') ?? false;

/** What the programs of a revision said last, oldest first. */
export async function lastWordsOf(
  { project }: Pick<Project, 'project'>,
  revision: string,
  signal: AbortSignal,
): Promise<string> {
  interface Entry {
    readonly textPayload?: string;
    readonly jsonPayload?: { readonly message?: unknown };
  }
  const filter = `resource.type="cloud_run_revision" AND resource.labels.revision_name="${revision}" AND (logName:"stderr" OR logName:"stdout")`;
  const { value = [] } = await gcloud<readonly Entry[]>(
    ['logging', 'read', filter, `--project=${project}`, '--limit=50', '--freshness=1h'],
    signal,
  );
  return value
    .map(
      ({ textPayload, jsonPayload }) =>
        textPayload ?? JSON.stringify(jsonPayload?.message ?? jsonPayload ?? ''),
    )
    .reverse()
    .join('\n');
}
