import type { Obstacle } from '../answer.ts';

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What the API server writes when it refuses. */
interface Refused {
  readonly message?: unknown;
  readonly details?: {
    readonly causes?: readonly { reason?: string; message?: string; field?: string }[];
  };
}

/** A field that somebody else set, and another value is wanted for. */
export interface Conflict {
  readonly manager: string;
  /** Such as `.spec.replicas`. */
  readonly field: string;
}

export function refusal(path: string, { status, body }: Reply): Obstacle {
  const message = messageOf(body);
  const next =
    status === 401 || status === 403
      ? 'log in as somebody who may see it: kubectl auth can-i --list'
      : 'ask the same with kubectl get --raw';
  const why = `the API server answers ${status} to ${path}${message ? `: ${message}` : ''}`;
  return { why, next, away: status === 429 || status >= 500 };
}

export function messageOf(body: string): string {
  const { message } = refusedIn(body);
  return typeof message === 'string' ? message : body.slice(0, 200);
}

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts */
export const conflictsIn = ({ status, body }: Reply): Conflict[] =>
  status === 409
    ? (refusedIn(body).details?.causes ?? [])
        .filter(({ reason }) => reason === 'FieldManagerConflict')
        .map(({ message = '', field = '' }) => ({ manager: managerIn(message), field }))
    : [];

/** `conflict with "kubectl-edit" using apps/v1` */
const managerIn = (message: string): string => /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;

/** Nothing is wrong with what was asked: who asks may not, or the server is busy, or it does not work. */
export const isOfPlatform = ({ status, body }: Reply): boolean =>
  status === 401 ||
  status === 408 ||
  status === 429 ||
  status >= 500 ||
  (status === 403 && / cannot \w+ resource /.test(body));

function refusedIn(body: string): Refused {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
