import type { Text } from '../text.ts';

export interface CronEntry {
  /** Five fields, or a name such as @daily. */
  readonly schedule: readonly string[];
  /** As whom, in files that say it. */
  readonly user: string | undefined;
  /** To the end of the line, as written. */
  readonly command: string;
  readonly commandText: Text;
  readonly start: number;
  readonly commandStart: number;
  readonly end: number;
}

export interface Crontab {
  readonly variables: readonly { readonly name: string; readonly value: string; readonly start: number }[];
  readonly entries: readonly CronEntry[];
  /** Whether its lines name a user: those of /etc/crontab and /etc/cron.d. */
  readonly system: boolean;
}
