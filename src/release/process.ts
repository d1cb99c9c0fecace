import { readFileSync, readlinkSync } from 'node:fs';

/** A process as others on its machine can look it up: where numbers of processes mean the same, and its own. */
export interface ProcessMark {
  /** The boot of the machine and the namespace of its process numbers. */
  readonly where: string;
  readonly pid: number;
}

/** This process; undefined where the system has no way to say where its number holds. */
export function thisProcess(): ProcessMark | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { where: `${boot} ${readlinkSync('/proc/self/ns/pid')}`, pid: process.pid };
  } catch {
    return undefined;
  }
}

/** Whether it is certain that it is gone; of another machine's nobody knows. */
export function isGone(mark: ProcessMark | undefined): boolean {
  if (!mark || mark.where !== thisProcess()?.where) return false;
  try {
    process.kill(mark.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
