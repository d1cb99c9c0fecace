import type { Service } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';

/** Commands of one platform, each a line for a shell; where a service has none, the list is empty. */
export interface Platform {
  readonly id: 'systemd' | 'compose' | 'kubernetes' | 'cloudrun';
  readonly title: string;
  status(services: readonly Service[]): string[];
  logs(services: readonly Service[]): string[];
  /** What was written within an hour, by all copies, as the programs wrote it. */
  recent(services: readonly Service[]): string[];
  restart(services: readonly Service[]): string[];
  stop(services: readonly Service[]): string[];
  start(services: readonly Service[]): string[];
  usage(services: readonly Service[]): string[];
}

export const words = (texts: readonly string[]): string => texts.map(shellWord).join(' ');
