/** Exit codes: what a script that calls aideploy can tell apart. */
export const EXIT = {
  yes: 0,
  /** The answer is no: findings, drift, a failed verification. */
  no: 1,
  /** The question was wrong: usage, configuration. */
  usage: 2,
  /** No answer could be had: a platform or tool out of reach, nothing to look at. */
  unknown: 3,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The question was wrong in a way that only the command line can know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** No answer could be had, through no fault of the question. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}
