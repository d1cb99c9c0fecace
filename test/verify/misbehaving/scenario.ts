import type { Status } from '../../../src/verify/verification.ts';
import type { Asked } from '../run.ts';

/** A server that misbehaves in one way, and what has to be seen of it. */
export interface Scenario {
  readonly name: string;
  /** Starts the server; the answer is what is asked of it. */
  start(): Promise<Asked>;
  readonly probe: string;
  readonly status: Status;
  readonly message: RegExp;
  /** Milliseconds; 3 s where absent. */
  readonly within?: number;
}
